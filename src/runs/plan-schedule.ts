import { allowedDelayMs, type ScheduleRules } from '../domain/index.ts'
import { latestTime, nextTime } from '../manifest/index.ts'

/** A run that is asked for takes a while to reach an agent; one that nobody took by then does not begin any more, in ms. */
const TAKEN_WITHIN_MS = 600_000

export interface PlannedStart {
  at: Date
  /** the last instant at which it may still begin */
  startBy: Date
  /** no server was there when it was due */
  madeUp: boolean
}

export interface DueStarts {
  /** the one that is asked for now */
  start: PlannedStart | null
  /** starts that will not be: from the first to the last */
  missed: { first: Date; last: Date } | null
  next: Date | null
}

/**
 * What has become due since `nextAt`. Of several starts the latest counts, if it is not later than the file allows; the
 * others are missed, and said to be. Pure.
 */
export function dueStarts(rules: ScheduleRules, { nextAt, now }: { nextAt: Date; now: Date }): DueStarts {
  const next = nextTime(rules.schedule, now)
  const last = latest(rules, { nextAt, now })
  if (now.getTime() - last.getTime() > allowedDelayMs(rules))
    return { start: null, missed: { first: nextAt, last }, next }
  const before = last > nextAt ? latest(rules, { nextAt, now: new Date(last.getTime() - 1) }) : null
  return {
    start: plannedStart(rules, last, now),
    missed: before === null ? null : { first: nextAt, last: before },
    next
  }
}

/** When the schedule starts something, once it is active; null = never. */
export function firstStart(rules: ScheduleRules | null, now: Date): Date | null {
  return rules === null || rules.held !== null ? null : nextTime(rules.schedule, now)
}

function latest({ schedule }: ScheduleRules, { nextAt, now }: { nextAt: Date; now: Date }): Date {
  const found = latestTime(schedule, now)
  return found !== null && found > nextAt ? found : nextAt
}

function plannedStart(rules: ScheduleRules, at: Date, now: Date): PlannedStart {
  const within = Math.max(TAKEN_WITHIN_MS, allowedDelayMs(rules))
  const onTime = now.getTime() - at.getTime() <= allowedDelayMs({ ...rules, startingDeadlineSeconds: 0 })
  return { at, startBy: new Date(at.getTime() + within), madeUp: !onTime }
}
