import { imageChanges, type Observation } from '../domain/index.ts'

/**
 * What one new observation means for a workload. Pure.
 *
 * A workload has at most one change that waits for a healthy rollout. A further change of the image while one waits
 * replaces it, and keeps its `before`: what counts is the net change from the last state that was decided on. When the
 * net change is nothing (rolled back before it was healthy) the waiting one ends without a run.
 */
export type Meaning =
  | { kind: 'nothing' }
  | { kind: 'changed'; before: Observation; supersedes: boolean }
  | { kind: 'rolled-back' }
  | { kind: 'rollout-healthy' }
  | { kind: 'rollout-failed' }

export interface Known {
  /** the observation before; undefined: this one is the baseline */
  last: Observation | undefined
  /** `before` of the change that waits, if one does */
  waitingSince: Observation | undefined
}

export function meaningOf(now: Observation, known: Known): Meaning {
  if (known.last === undefined) return { kind: 'nothing' }
  const stepChanged = imageChanges(known.last.aspects, now.aspects).length > 0
  if (stepChanged) return changed(now, known.waitingSince ?? known.last, known.waitingSince !== undefined)
  if (known.waitingSince === undefined) return { kind: 'nothing' }
  if (now.rollout === 'healthy') return { kind: 'rollout-healthy' }
  if (now.rollout === 'failed') return { kind: 'rollout-failed' }
  return { kind: 'nothing' }
}

function changed(now: Observation, before: Observation, supersedes: boolean): Meaning {
  const netChanged = imageChanges(before.aspects, now.aspects).length > 0
  if (!netChanged) return supersedes ? { kind: 'rolled-back' } : { kind: 'nothing' }
  return { kind: 'changed', before, supersedes }
}
