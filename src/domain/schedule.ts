import { POLICY_KINDS } from './event-policy/event-policy.ts'

/** Kinds of definitions that this release reads. */
export const DEFINITION_KINDS = ['Workflow', 'CronWorkflow', 'ChaosEngine', 'ChaosSchedule', ...POLICY_KINDS] as const
export type DefinitionKind = (typeof DEFINITION_KINDS)[number]

/** Those that say when they start. */
export const SCHEDULED_KINDS = ['CronWorkflow', 'ChaosSchedule'] as const satisfies readonly DefinitionKind[]

/** When something starts by itself. Instants are ISO 8601 in UTC. */
export type Schedule = CronSchedule | { kind: 'once'; at: string } | { kind: 'on-activation' }

export interface CronSchedule {
  kind: 'cron'
  /** five fields, names and `@daily` written out; what several of them say at one instant is one start */
  crons: readonly string[]
  /** IANA name */
  timezone: string
  /** the first instant that counts; null = all */
  from: string | null
  /** the last one */
  until: string | null
}

/** What a start does while an earlier one of the same schedule still runs. */
export const CONCURRENCY_POLICIES = ['Allow', 'Forbid', 'Replace'] as const
export type ConcurrencyPolicy = (typeof CONCURRENCY_POLICIES)[number]

/** All that a file says about its starts. JSON throughout. */
export interface ScheduleRules {
  schedule: Schedule
  concurrency: ConcurrencyPolicy
  /** how late a start that was missed may still be made up, in seconds */
  startingDeadlineSeconds: number
  /** what in the file keeps it from starting, for example `spec.suspend is true`; null = nothing */
  held: string | null
}

/** A start is on time until then, in ms: a server that restarts has missed nothing. */
const ON_TIME_MS = 60_000

/** How late a start may be, in ms. */
export function allowedDelayMs({ startingDeadlineSeconds }: ScheduleRules): number {
  return Math.max(ON_TIME_MS, startingDeadlineSeconds * 1000)
}
