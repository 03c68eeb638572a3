import { type JudgedRun, judge, type Outcome } from './judgement.ts'
import { isFinal } from './words.ts'

export interface GateAnswer {
  go: boolean
  /** `waiting`: ask again later */
  outcome: Outcome | 'waiting'
  reason: string
}

/** Whether a release may go on: only what has passed says so. `queued`: a run was asked for and has not begun. Pure. */
export function gateAnswer(newest: JudgedRun | 'queued' | null, minScore: number | null): GateAnswer {
  if (newest === null) return { go: false, outcome: 'not-judged', reason: 'No run of it is young enough and fits.' }
  if (newest === 'queued') return { go: false, outcome: 'waiting', reason: 'A run was asked for and has not begun.' }
  const { outcome, sentence } = judge(newest, minScore)
  const proved = minScore !== null || newest.verdict === 'pass'
  if (outcome === 'passed' && !proved)
    return { go: false, outcome: 'not-judged', reason: 'The run has ended, but no probe of it has judged anything.' }
  const waiting = !isFinal(newest.phase) && newest.recovery !== 'leaked'
  return { go: outcome === 'passed', outcome: waiting ? 'waiting' : outcome, reason: sentence }
}
