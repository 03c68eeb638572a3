import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cruiseRooms, FEWEST_MODULES } from './cruise.ts'

async function breaches(fixture: string): Promise<string[]> {
  const { violations } = await cruiseRooms(`tools/check/fixtures/${fixture}`)
  return violations.map(({ rule, path }) => `${rule} ${path}`).sort()
}

describe('rooms', () => {
  it.each([
    ['import-table', ['import-table src/domain/index.ts']],
    ['types-only', ['types-only src/local/index.ts']],
    ['unknown-room', ['unknown-room src/attic/index.ts']],
    ['doors-only', ['doors-only src/api/index.ts']],
    ['side-door', ['side-door src/api/index.ts', 'side-door src/store/index.ts']],
    ['no-cycles', ['no-cycles src/domain/phase.ts']],
    ['no-tests-in-product', ['no-tests-in-product src/domain/index.ts', 'no-tests-in-product src/domain/index.ts']],
    ['tests-see-through', []]
  ])('the fixture %s is judged', async (fixture, expected) => {
    expect(await breaches(fixture)).toEqual(expected)
  })

  it('the product passes, and all of it was seen', async () => {
    const { modules, violations } = await cruiseRooms('.')
    expect(violations).toEqual([])
    expect(modules).toBeGreaterThan(FEWEST_MODULES)
  })

  it.each(['rooms', 'house'])('the command of %s fails on a breach, and where it sees too little', (command) => {
    const args = [resolve('tools/check', `${command}.ts`)]
    const cwd = 'tools/check/fixtures/default-exports'
    const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain('the check itself is broken')
  })
})
