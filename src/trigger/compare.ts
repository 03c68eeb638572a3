import type { Observation } from '../domain/index.ts'

/**
 * What one new observation means for a workload. Pure.
 *
 * A workload has at most one change that waits. A further step that counts while one waits replaces it, and keeps its
 * `before`: what counts is the net change from the last state that was decided on. When the net change counts no more
 * (rolled back before it was decided) the waiting one ends without a run.
 */
export type Meaning =
  | { kind: 'nothing' }
  | { kind: 'changed'; before: Observation }
  | { kind: 'rolled-back' }
  | { kind: 'rollout-healthy' }
  | { kind: 'rollout-failed' }

export interface Known {
  /** the observation before; undefined: this one is the baseline */
  last: Observation | undefined
  /** `before` of the change that waits, if one does */
  waitingSince: Observation | undefined
}

/** Whether somebody cares for the difference between two states: the default for images, or a policy. */
export type Counts = (before: Observation, after: Observation) => boolean

export function meaningOf(now: Observation, { last, waitingSince }: Known, counts: Counts): Meaning {
  if (last === undefined) return { kind: 'nothing' }
  if (waitingSince !== undefined && !counts(waitingSince, now)) return { kind: 'rolled-back' }
  if (counts(last, now)) return { kind: 'changed', before: waitingSince ?? last }
  if (waitingSince === undefined) return { kind: 'nothing' }
  if (now.rollout === 'healthy') return { kind: 'rollout-healthy' }
  if (now.rollout === 'failed') return { kind: 'rollout-failed' }
  return { kind: 'nothing' }
}
