import type { ProbeMode, Verdict } from '../domain/index.ts'

export interface SeenCheck {
  passed: boolean
  evidence: string
  /** ISO 8601 */
  at: string
}

/** What was seen of one probe so far; the first failure is kept in full. */
export interface ProbeTally {
  checks: number
  failed: number
  firstFailure: SeenCheck | null
  last: SeenCheck | null
}

export function emptyTally(): ProbeTally {
  return { checks: 0, failed: 0, firstFailure: null, last: null }
}

export function counted(tally: ProbeTally, seen: SeenCheck): ProbeTally {
  return {
    checks: tally.checks + 1,
    failed: tally.failed + (seen.passed ? 0 : 1),
    firstFailure: tally.firstFailure ?? (seen.passed ? null : seen),
    last: seen
  }
}

/**
 * A probe passes if it was checked as its mode asks (Edge: twice) and no check failed. One failed check fails it.
 * What was never checked passes nothing: not applicable before a fault or after a stop, else an error of its settings.
 */
export function verdictOf(
  tally: ProbeTally,
  mode: ProbeMode,
  stopped: boolean
): { verdict: Verdict; evidence: string } {
  const { checks, failed, firstFailure, last } = tally
  if (firstFailure !== null) {
    const counts = checks === 1 ? '' : `${failed} of ${checks} checks failed; the first `
    return { verdict: 'fail', evidence: `${counts}at ${firstFailure.at}: ${firstFailure.evidence}` }
  }
  const wanted = mode === 'Edge' ? 2 : 1
  if (checks >= wanted && last !== null) {
    const counts = checks === 1 ? '' : `${checks} checks passed; the last: `
    return { verdict: stopped && mode !== 'SOT' ? 'not-applicable' : 'pass', evidence: `${counts}${last.evidence}` }
  }
  const during = mode === 'Continuous' || mode === 'OnChaos'
  const evidence = during ? 'never checked: the fault was over before its first check' : 'not checked'
  return { verdict: 'not-applicable', evidence }
}
