import type { EventPolicy, RolloutWait } from '../../domain/index.ts'
import { durationMs } from '../duration.ts'
import type { NodeReader } from '../node-reader.ts'
import { OTHERWISE, POLICY_KEYS } from './policy-keys.ts'
import { onlyKeys, word } from './words.ts'

/** 7 days: what waits longer is forgotten by people */
const MOST_SECONDS = 604_800
const ROLLOUT_SECONDS = 600

/** `rollout: {wait, timeout, otherwise}`; nothing = wait for 10 minutes, and skip */
export function readRollout(at: NodeReader): RolloutWait {
  onlyKeys(at, POLICY_KEYS.rollout)
  const otherwise = at.at('otherwise')
  return {
    wait: at.at('wait').text() !== 'false',
    timeoutSeconds: readSeconds(at.at('timeout'), ROLLOUT_SECONDS),
    otherwise: (otherwise.missing ? undefined : word(otherwise, OTHERWISE)) ?? 'skip'
  }
}

/** `30s`, `5m`, `1h30m` → s */
export function readSeconds(at: NodeReader, otherwise: number): number {
  if (at.missing) return otherwise
  const text = at.text()
  if (text === undefined) return otherwise
  const ms = durationMs(text)
  if (ms !== null && ms / 1000 <= MOST_SECONDS) return ms / 1000
  at.problem('manifest/policy', `"${text}" is not a duration of at most 7 days; write 30s, 5m or 1h.`)
  return otherwise
}

/** `limit: {runs: 3, per: 24h}` */
export function readLimit(at: NodeReader): EventPolicy['limit'] {
  if (at.missing) return null
  onlyKeys(at, POLICY_KEYS.limit)
  const text = at.at('runs').required('The number of runs')
  const runs = Number(text)
  if (text !== undefined && !(Number.isInteger(runs) && runs >= 1 && runs <= 10_000))
    at.at('runs').problem('manifest/policy', 'This must be a whole number of runs, at least 1.')
  const perSeconds = readSeconds(at.at('per'), 86_400)
  if (!(perSeconds > 0)) at.at('per').problem('manifest/policy', 'This must be longer than nothing.')
  return { runs, perSeconds }
}
