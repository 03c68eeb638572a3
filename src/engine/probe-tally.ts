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
 * What was not checked although the fault went its whole way is an error of the probe's settings; else it is not
 * applicable.
 */
export function verdictOf(
  tally: ProbeTally,
  mode: ProbeMode,
  wholeWay: boolean
): { verdict: Verdict; evidence: string } {
  const { checks, failed, firstFailure, last } = tally
  if (firstFailure !== null) {
    const counts = checks === 1 ? '' : `${failed} of ${checks} checks failed; the first `
    return { verdict: 'fail', evidence: `${counts}at ${firstFailure.at}: ${firstFailure.evidence}` }
  }
  const wanted = mode === 'Edge' ? 2 : 1
  if (checks >= wanted && last !== null) {
    const counts = checks === 1 ? '' : `${checks} checks passed; the last: `
    const judged = wholeWay || mode === 'SOT'
    return { verdict: judged ? 'pass' : 'not-applicable', evidence: `${counts}${last.evidence}` }
  }
  if (!wholeWay) return { verdict: 'not-applicable', evidence: 'not checked to the end' }
  return { verdict: 'error', evidence: 'never checked: the fault was over before its first check' }
}
