import type { Aspect } from '../aspects.ts'

/** What happened to a workload; `changed` is a difference of its fields. */
export const CHANGE_KINDS = ['changed', 'rollout-failed', 'rolled-back'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** Kinds of definition that say what starts by itself; they are no workflows. */
export const POLICY_KINDS = ['EventPolicy', 'EventTrackerPolicy'] as const

export function isPolicyKind(kind: string | null): boolean {
  return POLICY_KINDS.some((one) => one === kind)
}

/** Which changes of which workloads start which workflows, and when. */
export interface EventPolicy {
  workloads: WorkloadSelector
  events: readonly ChangeKind[]
  when: PolicyCondition
  rollout: RolloutWait
  /** so long nothing more may change before it is decided, in s */
  debounceSeconds: number
  /** so long after a run that this policy asked for, the same workload asks for no other, in s */
  cooldownSeconds: number
  /** null: no limit */
  limit: { runs: number; perSeconds: number } | null
  /** when it may start something; empty = always */
  windows: readonly PolicyWindow[]
  /** empty: what the workload's annotation names */
  run: readonly PolicyRun[]
}

/** Patterns know `*` and `?`; an empty list selects all. */
export interface WorkloadSelector {
  infrastructures: readonly string[]
  namespaces: readonly string[]
  kinds: readonly string[]
  names: readonly string[]
  labels: Readonly<Record<string, string>>
  /** only those that have opted in by annotation */
  annotated: boolean
}

export interface RolloutWait {
  /** false: it is decided at once, while new pods still come up */
  wait: boolean
  timeoutSeconds: number
  /** what is done where the rollout is not healthy in time */
  otherwise: 'skip' | 'run' | 'fail'
}

export interface PolicyWindow {
  /** 0 = Sunday */
  days: readonly number[]
  /** minutes of the day; a window whose end is not after its begin goes on into the next day */
  from: number
  to: number
  timezone: string
}

export interface PolicyRun {
  workflow: string
  /** values may hold `{{change.…}}` */
  parameters: Readonly<Record<string, string>>
}

export type PolicyCondition =
  | { kind: 'all' | 'any'; of: readonly PolicyCondition[] }
  | { kind: 'not'; of: PolicyCondition }
  | FieldCondition
  | StateCondition

/** A field changed, from such a value to such a value. */
export interface FieldCondition {
  kind: 'field'
  aspect: Aspect
  /** a pattern, of a path its expression; null = any key */
  key: string | null
  from: readonly ValueTest[]
  to: readonly ValueTest[]
  /** how far a version moved; empty = it does not matter */
  steps: readonly VersionStep[]
  /** also where an autoscaler changed it */
  autoscaler: boolean
}

/** A field has such a value now, whether it changed or not. */
export interface StateCondition {
  kind: 'state'
  aspect: Aspect
  /** as of a FieldCondition */
  key: string | null
  is: readonly ValueTest[]
}

export const VERSION_STEPS = ['major', 'minor', 'patch', 'prerelease', 'downgrade'] as const
export type VersionStep = (typeof VERSION_STEPS)[number]

/** `like`: a pattern; comparisons are of numbers, quantities or versions, and fail where both sides are not such. */
export type ValueTest =
  | { op: 'like' | 'unlike'; pattern: string }
  | { op: 'in' | 'not-in'; values: readonly string[] }
  | { op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'; value: string }
  | { op: 'absent' | 'present' }
