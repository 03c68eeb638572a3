import { expect, test } from 'vitest'
import { type ScoredStep, scoreFormula } from './score.ts'

const step = (weight: number | null, probeSuccess: number | null): ScoredStep => ({ weight, probeSuccess })

test('the formula counts only faults that have probes', () => {
  const steps = [step(10, 100), step(null, null), step(5, 66.6667), step(10, null)]
  expect(scoreFormula(steps, 89)).toBe('(10 × 100 % + 5 × 66.7 %) / 15 = 89')
})

test('without a score there is no formula', () => expect(scoreFormula([step(10, null)], null)).toBeNull())
