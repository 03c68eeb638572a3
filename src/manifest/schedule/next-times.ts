import type { CronSchedule, Schedule } from '../../domain/index.ts'
import { evaluate } from './cron.ts'

const SECOND = 1000

/** The first instant after `after` at which the schedule starts something; null = there is none. Pure. */
export function nextTime(schedule: Schedule, after: Date): Date | null {
  if (schedule.kind === 'on-activation') return null
  if (schedule.kind === 'once') {
    const at = new Date(schedule.at)
    return at > after ? at : null
  }
  const { from, until } = boundsOf(schedule)
  // the first instant itself counts
  const begin = from !== null && from > after ? new Date(from.getTime() - 1) : after
  const found = earliest(schedule.crons.map((cron) => evaluate(cron, schedule.timezone).nextRun(begin)))
  return found !== null && (until === null || found <= until) ? found : null
}

/** The next `count` of them. */
export function nextTimes(schedule: Schedule, after: Date, count: number): Date[] {
  const times: Date[] = []
  for (let time = nextTime(schedule, after); time !== null && times.length < count; time = nextTime(schedule, time))
    times.push(time)
  return times
}

/** The last instant of the schedule that is not after `until`; null = there is none. Pure. */
export function latestTime(schedule: Schedule, until: Date): Date | null {
  if (schedule.kind === 'on-activation') return null
  if (schedule.kind === 'once') {
    const at = new Date(schedule.at)
    return at <= until ? at : null
  }
  const bounds = boundsOf(schedule)
  const end = bounds.until !== null && bounds.until < until ? bounds.until : until
  const before = new Date(Math.floor(end.getTime() / SECOND) * SECOND + SECOND)
  const found = schedule.crons.map((cron) => evaluate(cron, schedule.timezone).previousRuns(1, before)[0] ?? null)
  const last = earliest(found, -1)
  return last !== null && (bounds.from === null || last >= bounds.from) ? last : null
}

function boundsOf({ from, until }: CronSchedule): { from: Date | null; until: Date | null } {
  return { from: from === null ? null : new Date(from), until: until === null ? null : new Date(until) }
}

/** `direction` -1: the latest */
function earliest(times: readonly (Date | null)[], direction = 1): Date | null {
  const found = times.filter((time) => time !== null)
  return found.toSorted((a, b) => direction * (a.getTime() - b.getTime()))[0] ?? null
}
