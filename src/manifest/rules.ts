import type { Lane, PlanStep, RetryRule } from '../domain/index.ts'
import { durationMs } from './duration.ts'
import type { NodeReader } from './node-reader.ts'
import { beyond, RETRY_BEYOND } from './refused.ts'

const MOST_RETRIES = 20
const POLICIES: ReadonlyMap<string, RetryRule['policy']> = new Map<string, RetryRule['policy']>([
  ['Always', 'always'],
  ['OnFailure', 'on-failure'],
  ['OnError', 'on-error']
])

type FillText = (text: string) => string
/** the first of the places that says something */
export type RuleAt = (key: string) => NodeReader

/** How long a step may take, and how often it is tried again. */
export function readRules(at: RuleAt, fillText: FillText): Pick<PlanStep, 'deadlineSeconds' | 'retry'> {
  const limits = [secondsOf(at('timeout'), fillText), secondsOf(at('activeDeadlineSeconds'), fillText)]
  const seconds = limits.filter((limit) => limit !== undefined)
  const retry = readRetry(at('retryStrategy'), fillText)
  return { ...(seconds.length > 0 && { deadlineSeconds: Math.min(...seconds) }), ...(retry && { retry }) }
}

export function readLane(at: NodeReader, id: string, fillText: FillText): Lane[] {
  const most = wholeOf(at, fillText, 1, 1000)
  return most === undefined ? [] : [{ id, most }]
}

function readRetry(strategy: NodeReader, fillText: FillText): RetryRule | undefined {
  if (strategy.missing) return undefined
  beyond(strategy, RETRY_BEYOND, 'The retryStrategy')
  if (strategy.at('limit').missing)
    strategy.beyond(
      'manifest/retry',
      `A retryStrategy needs a limit here: how many more attempts, at most ${MOST_RETRIES}.`
    )
  const limit = wholeOf(strategy.at('limit'), fillText, 0, MOST_RETRIES)
  const name = fillText(strategy.at('retryPolicy').text() ?? 'OnFailure')
  const policy = POLICIES.get(name)
  if (policy === undefined)
    strategy
      .at('retryPolicy')
      .beyond('manifest/retry', `retryPolicy ${name} is not run here; there are ${[...POLICIES.keys()].join(', ')}.`)
  if (limit === undefined || policy === undefined) return undefined
  return { limit, policy, ...readBackoff(strategy.at('backoff'), fillText) }
}

function readBackoff(backoff: NodeReader, fillText: FillText) {
  const ms = (key: string) => {
    const seconds = secondsOf(backoff.at(key), fillText)
    return seconds === undefined ? null : seconds * 1000
  }
  const text = backoff.at('factor').text()
  const factor = text === undefined ? 1 : Number(fillText(text))
  if (!(factor >= 1 && factor <= 100))
    backoff.at('factor').problem('manifest/retry', 'A factor is a number from 1 to 100.')
  return {
    backoffMs: ms('duration') ?? 0,
    factor: factor >= 1 ? factor : 1,
    capMs: ms('cap'),
    withinMs: ms('maxDuration')
  }
}

function secondsOf(at: NodeReader, fillText: FillText): number | undefined {
  const text = at.text()
  if (text === undefined) return undefined
  const ms = durationMs(fillText(text))
  if (ms !== null && ms > 0) return ms / 1000
  if (!isOpen(fillText(text)))
    at.problem('manifest/duration', 'This must be a duration above 0: seconds, or 30s, 5m, 1h.')
  return undefined
}

function wholeOf(at: NodeReader, fillText: FillText, least: number, most: number): number | undefined {
  const text = at.text()
  if (text === undefined) return undefined
  const number = Number(fillText(text))
  if (Number.isInteger(number) && number >= least && number <= most) return number
  if (!isOpen(fillText(text))) at.problem('manifest/invalid', `This must be a whole number from ${least} to ${most}.`)
  return undefined
}

/** A placeholder that has no value yet: it is judged when a run gives it one. */
function isOpen(text: string): boolean {
  return text.includes('{{')
}
