import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cacheKey, pinned, readModule } from './cache-key.ts'
import { isOlder } from './go.ts'
import { MODULES, TIERS, type Unit } from './programs.ts'

const CLI = join(import.meta.dirname, '../testbed.ts')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-testbed-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function testbed(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    env: { PATH: '/nonexistent', XDG_CACHE_HOME: join(folder, 'cache'), ...env },
    encoding: 'utf8'
  })
  return { status, stdout, stderr }
}

test('without Go it says what to install, and what to do otherwise', () => {
  const answer = testbed(['build'])
  expect(answer.status).toBe(1)
  expect(answer.stderr).toMatch(/Go 1\.\d+\.\d+ or newer is not on the PATH.*go\.dev\/dl.*KUBEBUILDER_ASSETS/)
})

test('a folder of assets without its programs is named, with what is missing', () => {
  writeFileSync(join(folder, 'etcd'), '')
  const answer = testbed(['up'], { KUBEBUILDER_ASSETS: folder })
  expect(answer.status).toBe(1)
  expect(answer.stderr).toContain(`KUBEBUILDER_ASSETS is ${folder}, where kube-apiserver cannot be found`)
})

test('programs that lie in the folder of assets need no build, and no Go', () => {
  for (const { commands } of TIERS.core) for (const command of commands) writeFileSync(join(folder, command), '')
  expect(testbed(['build'], { KUBEBUILDER_ASSETS: folder })).toMatchObject({ status: 0 })
})

test('where nothing runs it says so, and a folder with something else in it is left alone', () => {
  const place = join(folder, 'place')
  expect(testbed(['status', '--folder', place]).stderr).toBe(`No cluster runs in ${place}.\n`)
  expect(testbed(['down', '--folder', place]).status).toBe(1)
  mkdirSync(place)
  writeFileSync(join(place, 'notes'), 'mine')
  expect(testbed(['up', '--folder', place]).stderr).toContain('holds something else')
  expect(testbed(['fly']).stderr).toContain('Usage: npm run testbed')
})

test('whatever a program is made of is in the name of its build', () => {
  const unit: Unit = { name: 'kwok', module: 'addons', package: 'x', commands: ['kwok'] }
  const source = { mod: 'a', sum: 'b', main: 'c' }
  const keys = [
    cacheKey(unit, source, '1.26.1'),
    cacheKey(unit, source, '1.26.2'),
    cacheKey({ ...unit, package: 'y' }, source, '1.26.1'),
    cacheKey(unit, { ...source, mod: 'ab', sum: '' }, '1.26.1'),
    cacheKey(unit, { ...source, sum: 'B' }, '1.26.1'),
    cacheKey(unit, { ...source, main: 'C' }, '1.26.1')
  ]
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys[0]).toMatch(/^kwok-[0-9a-f]{16}$/)
})

test('every program is pinned to one release', () => {
  for (const unit of Object.values(TIERS).flat() as Unit[]) {
    const { mod, sum } = readModule(join(MODULES, unit.module))
    expect(sum).not.toBe('')
    for (const from of [unit.version?.of, unit.definitions?.of])
      if (from !== undefined) expect(pinned(mod, from)).toMatch(/^v\d/)
  }
})

test.each([
  ['1.25.7', '1.25.7', false],
  ['1.25.6', '1.25.7', true],
  ['1.24', '1.25.7', true],
  ['1.26', '1.25.7', false],
  ['1.9.9', '1.10', true],
  ['1.26rc1', '1.26.0', false]
])('Go %s is older than %s: %s', (version, needed, older) => {
  expect(isOlder(version, needed)).toBe(older)
})
