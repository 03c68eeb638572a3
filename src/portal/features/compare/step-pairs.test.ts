import { expect, test } from 'vitest'
import type { RunReport } from '../../../contract/index.ts'
import { stepPairs } from './step-pairs.ts'

const step = (name: string, ...probes: string[]) => ({
  step: name,
  fault: { probes: probes.map((probe) => ({ name: probe })) }
})
const report = (...steps: object[]) => ({ steps }) as unknown as RunReport

test('steps and probes stand side by side by their names; what only one run has stands alone', () => {
  const pairs = stepPairs(report(step('gone'), step('kept', 'p1', 'p2')), report(step('kept', 'p2', 'p3'), step('new')))
  expect(pairs.map(({ key, a, b }) => [key, a !== null, b !== null])).toEqual([
    ['kept', true, true],
    ['new', false, true],
    ['gone', true, false]
  ])
  expect(pairs[0]?.probes.map(({ key, a, b }) => [key, a !== null, b !== null])).toEqual([
    ['p2', true, true],
    ['p3', false, true],
    ['p1', true, false]
  ])
})
