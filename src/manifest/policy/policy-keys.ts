import { ASPECTS } from '../../domain/index.ts'

/** The keys of an EventPolicy, by what they stand in: for whoever reads one, and for an editor that offers them. */
export const POLICY_KEYS = {
  spec: ['workloads', 'events', 'when', 'rollout', 'debounce', 'cooldown', 'limit', 'windows', 'run'],
  workloads: ['infrastructures', 'namespaces', 'kinds', 'names', 'labels', 'annotated'],
  rollout: ['wait', 'timeout', 'otherwise'],
  limit: ['runs', 'per'],
  windows: ['days', 'from', 'to', 'timezone'],
  run: ['workflow', 'parameters']
} as const satisfies Record<string, readonly string[]>

/** A condition has one of them. */
export const CONDITION_KEYS = ['all', 'any', 'not', ...ASPECTS] as const
/** Of an aspect in a condition. */
export const FIELD_KEYS = ['key', 'from', 'to', 'is', 'version', 'autoscaler'] as const
/** What is done where a rollout was not healthy in time. */
export const OTHERWISE = ['skip', 'run', 'fail'] as const
export const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
