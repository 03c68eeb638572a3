import { expect, test } from 'vitest'
import type { RunStep } from '../../../contract/index.ts'
import { scoreFormula } from './score-formula.ts'

function step(weight: number | null, probeSuccess: number | null): RunStep {
  return {
    step: 's',
    name: 's',
    phase: 'completed',
    verdict: 'pass',
    recovery: 'clean',
    weight,
    probeSuccess,
    reason: null,
    startedAt: null,
    endedAt: null
  }
}

test('the formula counts only faults that have probes', () => {
  const steps = [step(10, 100), step(null, null), step(5, 66.6667), step(10, null)]
  expect(scoreFormula(steps, 89)).toBe('(10 × 100 % + 5 × 66.7 %) / 15 = 89')
})

test('without a score there is no formula', () => expect(scoreFormula([step(10, null)], null)).toBeNull())
