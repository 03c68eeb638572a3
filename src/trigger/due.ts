import type { RolloutWait } from '../domain/index.ts'

/** What a change is to one rule now. Pure. */
export type Due =
  /** nothing to decide before then */
  | { kind: 'later'; at: Date }
  | { kind: 'now' }
  /** over: the rollout was not healthy in time */
  | { kind: 'overdue'; outcome: 'not-triggered' | 'failed' }

export interface Waiting {
  createdAt: Date
  /** null: its rollout was not seen to be healthy yet */
  healthyAt: Date | null
}

export interface Patience {
  rollout: RolloutWait
  debounceSeconds: number
}

export function dueOf(change: Waiting, { rollout, debounceSeconds }: Patience, now: Date): Due {
  const begin = rollout.wait ? change.healthyAt : change.createdAt
  if (begin !== null) return settled(begin, debounceSeconds, now)
  const end = later(change.createdAt, rollout.timeoutSeconds)
  if (now < end) return { kind: 'later', at: end }
  if (rollout.otherwise === 'run') return { kind: 'now' }
  return { kind: 'overdue', outcome: rollout.otherwise === 'fail' ? 'failed' : 'not-triggered' }
}

function settled(begin: Date, debounceSeconds: number, now: Date): Due {
  const end = later(begin, debounceSeconds)
  return now < end ? { kind: 'later', at: end } : { kind: 'now' }
}

export function later(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}
