import type { ReportProbe, ReportStep, RunReport } from '../../../contract/index.ts'

export interface Pair<T> {
  key: string
  /** null: only the other run has it */
  a: T | null
  b: T | null
}

export interface StepPair extends Pair<ReportStep> {
  probes: Pair<ReportProbe>[]
}

/** What the two runs did, side by side: in the order of the second, then what only the first had. */
export function stepPairs(a: Pick<RunReport, 'steps'>, b: Pick<RunReport, 'steps'>): StepPair[] {
  return pairs(a.steps, b.steps, ({ step }) => step).map((pair) => ({
    ...pair,
    probes: pairs(pair.a?.fault?.probes ?? [], pair.b?.fault?.probes ?? [], ({ name }) => name)
  }))
}

function pairs<T>(a: readonly T[], b: readonly T[], keyOf: (item: T) => string): Pair<T>[] {
  const first = new Map(a.map((item) => [keyOf(item), item]))
  const second = new Map(b.map((item) => [keyOf(item), item]))
  const keys = [...second.keys(), ...[...first.keys()].filter((key) => !second.has(key))]
  return keys.map((key) => ({ key, a: first.get(key) ?? null, b: second.get(key) ?? null }))
}
