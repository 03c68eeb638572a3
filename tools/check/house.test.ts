import { describe, expect, it } from 'vitest'
import { FEWEST_MODULES } from './cruise.ts'
import { judgeHouse } from './house-rules/index.ts'
import { readSources } from './source-file.ts'

function breaches(fixture: string): string[] {
  return judgeHouse(readSources(`tools/check/fixtures/${fixture}`))
    .map(({ rule, path, line }) => `${rule} ${path}${line === undefined ? '' : `:${line}`}`)
    .sort()
}

describe('house', () => {
  it.each([
    ['child-processes', ['child-processes src/runs/index.ts:2']],
    ['sql', ['sql src/runs/index.ts:1']],
    ['kubernetes', ['kubernetes src/faults/index.ts:1']],
    [
      'outgoing-http',
      ['outgoing-http src/runs/index.ts:5', 'outgoing-http src/runs/notes.ts:1', 'outgoing-http src/runs/old.ts:1']
    ],
    ['sockets', ['sockets src/runs/index.ts:1']],
    ['pure-rooms', ['pure-rooms src/domain/index.ts:1']],
    [
      'environment',
      [
        'environment src/runs/index.ts:1',
        'environment src/runs/index.ts:3',
        ...Array.from({ length: 3 }, () => 'environment src/runs/index.ts:5')
      ]
    ],
    [
      'banned-words',
      [
        'banned-words src/runs/health-check.ts',
        'banned-words src/runs/index.ts:1',
        'banned-words src/runs/index.ts:1',
        'banned-words src/runs/index.ts:1'
      ]
    ],
    ['module-mocks', ['module-mocks test/clock.ts:3']],
    ['empty-names', ['empty-names src/runs/types.ts', 'empty-names src/runs/utils/lines.ts']],
    [
      'default-exports',
      ['default-exports src/runs/end.ts:3', 'default-exports src/runs/index.ts:1', 'default-exports src/runs/stop.ts:3']
    ],
    [
      'room-entrances',
      ['room-entrances src/runs/README.md', 'room-entrances src/runs/index.ts', 'room-entrances src/trigger/README.md']
    ],
    ['long-files', ['long-files src/runs/index.ts']],
    ['long-functions', ['long-functions src/runs/index.ts:52']]
  ])('the fixture %s breaks exactly its rule', (fixture, expected) => {
    expect(breaches(fixture)).toEqual(expected)
  })

  it('the product passes, and all of it was seen', () => {
    const files = readSources('.')
    expect(judgeHouse(files)).toEqual([])
    expect(files.filter(({ room, ast }) => room && ast).length).toBeGreaterThan(FEWEST_MODULES)
  })
})
