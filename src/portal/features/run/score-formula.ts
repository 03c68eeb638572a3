import type { RunStep } from '../../../contract/index.ts'

/** How the score came about: `(10 × 100 % + 10 × 50 %) / 20 = 75`; null where no fault has a probe. */
export function scoreFormula(steps: readonly RunStep[], score: number | null): string | null {
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
