import type { Run } from '../contract/index.ts'
import { EXIT } from './exit-codes.ts'

export interface Judgement {
  exitCode: number
  /** for people: what it was, and why that is good or bad */
  sentence: string
}

type Judged = Pick<Run, 'phase' | 'verdict' | 'recovery' | 'score' | 'reason'>

/** What an ended run means to a pipeline: with a least score the score decides, without one the verdict. */
export function judge(run: Judged, minScore: number | null): Judgement {
  const { phase, verdict, recovery, score } = run
  if (recovery === 'leaked') return failed('Harm may still be there: the recovery could not be proved.')
  if (phase === 'timeout') return failed(because('The run took longer than it may', run))
  if (phase !== 'completed') return notRun(because(`The run ended as ${phase}`, run))
  if (minScore !== null) {
    if (score === null) return failed(`The run has no score, for it has no probe; at least ${minScore} was asked for.`)
    const text = `Resilience score ${score}, at least ${minScore} was asked for.`
    return score >= minScore ? passed(text) : failed(text)
  }
  const text = `Verdict ${verdict}, resilience score ${score ?? 'not applicable'}.`
  if (verdict === 'fail') return failed(text)
  return verdict === 'pass' || verdict === 'not-applicable' ? passed(text) : notRun(text)
}

function because(text: string, { reason }: Judged): string {
  return reason === null ? `${text}.` : `${text}: ${reason}`
}

const passed = (sentence: string): Judgement => ({ exitCode: EXIT.ok, sentence })
const failed = (sentence: string): Judgement => ({ exitCode: EXIT.failed, sentence })
const notRun = (sentence: string): Judgement => ({ exitCode: EXIT.notRun, sentence })
