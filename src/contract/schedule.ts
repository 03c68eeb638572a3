import { type Static, Type } from 'typebox'
import { type Cause, CONCURRENCY_POLICIES } from '../domain/index.ts'
import { Id, Nullable, OneOf, Time } from './shape.ts'

const ScheduleState = OneOf(['paused', 'active'] as const)

/** When the clock starts a workflow, as a row of a list shows it. */
export const ScheduleSummary = Type.Object({
  /** the clock starts something only while it is active */
  state: ScheduleState,
  /** for example "every day 09:00 Europe/Berlin" */
  words: Type.String(),
  /** what in the file keeps it from starting; null = nothing */
  held: Nullable(Type.String()),
  /** null: paused, held, or over */
  next: Nullable(Time),
  /** of an active one: the revision that was activated; what came after it changed an active schedule */
  activatedRevision: Nullable(Type.Integer())
})
export type ScheduleSummary = Static<typeof ScheduleSummary>

const ScheduledStart = Type.Object({
  request: Id,
  /** when it was planned for */
  cause: Type.Unsafe<Extract<Cause, { kind: 'schedule' }>>({}),
  state: OneOf(['queued', 'admitted', 'refused', 'dropped'] as const),
  /** why it did not start */
  reason: Nullable(Type.String()),
  run: Nullable(Id)
})

export const Schedule = Type.Object({
  workflow: Type.String(),
  /** by the clock again and again, at one instant, or each time that it is activated */
  kind: OneOf(['cron', 'once', 'on-activation'] as const),
  ...ScheduleSummary.properties,
  /** IANA name; null = it has no times of a day */
  timezone: Nullable(Type.String()),
  /** five fields each */
  crons: Type.Array(Type.String()),
  concurrency: OneOf(CONCURRENCY_POLICIES),
  /** how late a missed start is made up, in seconds */
  startingDeadlineSeconds: Type.Integer(),
  /** the next five; of a paused one as they would be */
  times: Type.Array(Time),
  /** who activated or paused it last */
  changedBy: Nullable(Type.String()),
  changedAt: Nullable(Time),
  /** texts that came while it was active: it stayed so */
  changes: Type.Array(
    Type.Object({
      revision: Type.Integer(),
      author: Type.String(),
      origin: OneOf(['git', 'portal'] as const),
      at: Time
    })
  ),
  /** what it has started and what it has not, newest first, at most 20 */
  starts: Type.Array(ScheduledStart)
})
export type Schedule = Static<typeof Schedule>
