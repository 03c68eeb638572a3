import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shopWorkflow } from '../src/demo/shop/workflow.ts'
import { CHAOS_ENGINE_FILE, chaosSchedule, cronWorkflow } from '../src/manifest/fixtures/kinds.ts'
import { faultline } from './harness/command.ts'

/** `faultline validate`: offline, and with nothing set. */
let folder: string
const file = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-validate-'))
  await writeFile(file('good.yaml'), shopWorkflow('good'))
  await writeFile(file('bad.yml'), shopWorkflow('bad').replaceAll('pod-delete\n', 'pod-delte\n'))
  await writeFile(file('notes.txt'), 'not a workflow')
})
afterAll(() => rm(folder, { recursive: true }))

it('0: a valid file, also from standard input', async () => {
  expect(await faultline(['validate', file('good.yaml')]).ended).toMatchObject({ code: 0, stdout: '1 file, valid\n' })
  expect(await faultline(['validate', '-'], {}, shopWorkflow('good')).ended).toMatchObject({ code: 0 })
})

it('2: what cannot be read is told once more as JSON to whoever asked for that', async () => {
  const { code, stdout, stderr } = await faultline(['validate', file('missing.yaml'), '--output', 'json']).ended
  expect(code).toBe(2)
  const { exitCode, error } = JSON.parse(stdout) as { exitCode: number; error: { code: string; message: string } }
  expect([exitCode, error.code]).toEqual([2, 'main/no-file'])
  expect(stderr).toBe(`faultline: ${error.message}\n`)
})

it('judges every kind by the same rules', async () => {
  const text = cronWorkflow('schedule: "0 9 * * *"\n')
  expect(await faultline(['validate', '-'], {}, text).ended).toMatchObject({ code: 0 })
  const never = await faultline(['validate', '-'], {}, text.replace('0 9 * * *', '0 9 31 2 *')).ended
  expect(never.code).toBe(1)
  expect(never.stdout).toMatch(
    /^-:6:13: error: "0 9 31 2 \*" never fires: there is no such day\. \(manifest\/schedule\)/
  )
  const policy = await readFile(new URL('../docs/guides/examples/cart-releases.yaml', import.meta.url), 'utf8')
  const mistyped = await faultline(['validate', '-'], {}, policy.replace('debounce:', 'debonce:')).ended
  expect(mistyped.stdout).toMatch(/^-:\d+:\d+: error: There is no debonce here; there are: .*\(manifest\/policy\)\n/)
  expect(await faultline(['validate', '-'], {}, CHAOS_ENGINE_FILE).ended).toMatchObject({ code: 0 })
  expect(await faultline(['validate', '-'], {}, chaosSchedule('now: true\n')).ended).toMatchObject({ code: 0 })
})

it('1: a file that the server would refuse, with its line, as text, JSON and annotation', async () => {
  const text = await faultline(['validate', folder]).ended
  expect(text.code).toBe(1)
  expect(text.stdout).toMatch(
    /bad\.yml:\d+:\d+: error: .*pod-delte.* \(manifest\/[\w-]+\)\n[\s\S]*2 files, 1 not valid\n$/
  )

  const json = await faultline(['validate', folder, '--output', 'json']).ended
  expect(json.code).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({
    valid: false,
    files: [
      { file: file('bad.yml'), valid: false, problems: [{ severity: 'error', line: expect.any(Number) }] },
      { file: file('good.yaml'), valid: true, problems: [] }
    ]
  })

  const github = await faultline(['validate', file('bad.yml'), '--output', 'github']).ended
  expect(github.code).toBe(1)
  expect(github.stdout).toMatch(/^::error file=[^:,]+bad\.yml,line=\d+,col=\d+,title=manifest\/[\w-]+::.*pod-delte/)
})

it.each([
  ['no file', ['validate']],
  ['a file that is not there', ['validate', '/nowhere/at-all.yaml']],
  ['an unknown format', ['validate', 'x.yaml', '--output', 'xml']],
  ['an unknown command', ['valdate']]
])('2: %s', async (_what, args) => {
  const { code, stdout, stderr } = await faultline(args).ended
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).not.toMatch(/ {4}at /)
})
