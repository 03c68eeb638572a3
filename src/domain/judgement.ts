import { isFinal, type Recovery, type RunPhase, type Verdict } from './words.ts'

/** `not-judged`: it could not be found out whether it holds. */
export type Outcome = 'passed' | 'failed' | 'not-judged'

export interface Judgement {
  outcome: Outcome
  /** for people: what it was, and why that is good or bad */
  sentence: string
}

export interface JudgedRun {
  phase: RunPhase
  verdict: Verdict
  recovery: Recovery | null
  score: number | null
  reason: string | null
}

/** What a run means to a pipeline: with a least score the score decides, without one the verdict. */
export function judge(run: JudgedRun, minScore: number | null): Judgement {
  const { phase, verdict, recovery, score } = run
  if (recovery === 'leaked') return failed('Harm may still be there: the recovery could not be proved.')
  if (!isFinal(phase)) return notJudged(`The run has not ended yet: it is ${phase}.`)
  if (phase === 'timeout') return failed(because('The run took longer than it may', run))
  if (phase !== 'completed') return notJudged(because(`The run ended as ${phase}`, run))
  if (minScore !== null) {
    if (score === null)
      return failed(
        `The run has no score: it has no probe, or a fault was not judged; at least ${minScore} was asked for.`
      )
    const text = `Resilience score ${score}, at least ${minScore} was asked for.`
    return score >= minScore ? passed(text) : failed(text)
  }
  const text = `Verdict ${verdict}, resilience score ${score ?? 'not applicable'}.`
  if (verdict === 'fail') return failed(text)
  return verdict === 'pass' || verdict === 'not-applicable' ? passed(text) : notJudged(text)
}

function because(text: string, { reason }: JudgedRun): string {
  return reason === null ? `${text}.` : `${text}: ${reason}`
}

const passed = (sentence: string): Judgement => ({ outcome: 'passed', sentence })
const failed = (sentence: string): Judgement => ({ outcome: 'failed', sentence })
const notJudged = (sentence: string): Judgement => ({ outcome: 'not-judged', sentence })
