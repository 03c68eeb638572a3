import type { Verdict } from './words.ts'

export interface FaultResult {
  weight: number
  /** 0 to 100: passed probes of all probes of the fault; null where it has no probe */
  probeSuccess: number | null
  verdict: Verdict
}

/** Percentage of probes that passed; null without probes. */
export function probeSuccess(passed: number, total: number): number | null {
  return total === 0 ? null : (100 * passed) / total
}

/**
 * Resilience score as Litmus defines it: sum(weight × probe success %) / sum(weight), over the faults that have
 * probes, rounded to whole points. Null (not applicable) where no fault has a probe or all weights are 0.
 */
export function resilienceScore(results: readonly FaultResult[]): number | null {
  let weights = 0
  let points = 0
  for (const { weight, probeSuccess: success } of results) {
    if (success === null) continue
    weights += weight
    points += weight * success
  }
  return weights === 0 ? null : Math.round(points / weights)
}

/** The verdict of a run: error before fail before awaited before pass; without any probe it is not applicable. */
export function runVerdict(verdicts: readonly Verdict[]): Verdict {
  for (const verdict of ['error', 'fail', 'awaited', 'pass'] as const) {
    if (verdicts.includes(verdict)) return verdict
  }
  return 'not-applicable'
}

export interface ScoredStep {
  weight: number | null
  probeSuccess: number | null
}

/** How the score came about: `(10 × 100 % + 10 × 50 %) / 20 = 75`; null where no fault has a probe. */
export function scoreFormula(steps: readonly ScoredStep[], score: number | null): string | null {
  const counted = steps.flatMap(({ weight, probeSuccess }) =>
    weight === null || probeSuccess === null ? [] : [{ weight, probeSuccess }]
  )
  if (score === null || counted.length === 0) return null
  const terms = counted.map(({ weight, probeSuccess }) => `${weight} × ${round(probeSuccess)} %`)
  const weights = counted.reduce((sum, { weight }) => sum + weight, 0)
  return `(${terms.join(' + ')}) / ${weights} = ${score}`
}

function round(percent: number): string {
  return String(Math.round(percent * 10) / 10)
}
