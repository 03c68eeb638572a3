import type { CronSchedule } from '../../domain/index.ts'
import type { NodeReader } from '../node-reader.ts'
import { readCron } from '../schedule/cron.ts'
import { readInstant } from '../schedule/instant.ts'

/**
 * `spec.schedule.repeat` as the cron that Litmus makes of it: minutes or hours of the clock, within hours and days.
 * An interval that does not fit into an hour or a day would be shorter than it says where the hour or day turns over;
 * it is refused.
 */
export function readRepeat(repeat: NodeReader): CronSchedule {
  const hours = readHours(repeat.at('workHours').at('includedHours'))
  const days = repeat.at('workDays').at('includedDays')
  if (repeat.at('properties').at('random').text() === 'true')
    repeat
      .at('properties')
      .at('random')
      .problem('manifest/schedule', 'A start at a random time is not read; Litmus itself does not do it either.')
  const interval = readInterval(repeat.at('properties').at('minChaosInterval'))
  if (hours.includes(',') && 'hours' in interval && interval.hours > 1)
    repeat
      .at('workHours')
      .problem('manifest/schedule', 'With an interval of several hours only one range of hours is read.')
  const from = readInstant(repeat.at('timeRange').at('startTime')) ?? null
  const until = readInstant(repeat.at('timeRange').at('endTime')) ?? null
  if (from !== null && until !== null && until < from)
    repeat.at('timeRange').problem('manifest/schedule', 'It never fires: endTime is before startTime.')
  const cron = readCron(`${timesOf(interval, hours)} * * ${days.text()?.replace(/\s+/g, '') || '*'}`)
  if (!cron.ok) days.problem('manifest/schedule', cron.reason)
  return { kind: 'cron', crons: cron.ok ? [cron.cron] : [], timezone: 'UTC', from, until }
}

type Interval = { minutes: number } | { hours: number; minute: number }

/** minute and hour of the cron */
function timesOf(interval: Interval, hours: string): string {
  if ('minutes' in interval) return `${interval.minutes === 1 ? '*' : `*/${interval.minutes}`} ${hours}`
  return `${interval.minute} ${interval.hours === 1 ? hours : `${hours}/${interval.hours}`}`
}

/** `10m`, `2h`, or Litmus' older form with `minute.everyNthMinute` or `hour.everyNthHour` and `minuteOfTheHour`. */
function readInterval(at: NodeReader): Interval {
  if (at.isMap) return readOldInterval(at)
  const text = at.required('spec.schedule.repeat.properties.minChaosInterval')
  const match = /^(\d{1,4})([mh])$/.exec(text ?? '')
  if (match === null) {
    if (text !== undefined) at.problem('manifest/schedule', `"${text}" is no interval; write 10m or 2h.`)
    return HOURLY
  }
  return fitting(Number(match[1]), { hours: match[2] === 'h', minute: 0, at })
}

function readOldInterval(at: NodeReader): Interval {
  const minutes = at.at('minute').at('everyNthMinute')
  if (!at.at('minute').missing) return fitting(Number(minutes.text()), { hours: false, minute: 0, at: minutes })
  const hour = at.at('hour')
  const minute = hour.at('minuteOfTheHour').missing ? 0 : Number(hour.at('minuteOfTheHour').text())
  if (!(Number.isInteger(minute) && minute >= 0 && minute <= 59))
    hour.at('minuteOfTheHour').problem('manifest/schedule', 'A minute of the hour is 0 to 59.')
  const every = hour.at('everyNthHour').missing ? 1 : Number(hour.at('everyNthHour').text())
  return fitting(every, { hours: true, minute, at: hour.at('everyNthHour') })
}

const HOURLY: Interval = { hours: 1, minute: 0 }

/** Whole hours may be given in minutes too. */
function fitting(every: number, { hours, minute, at }: { hours: boolean; minute: number; at: NodeReader }): Interval {
  const inHours = hours ? every : every / 60
  if (!hours && 60 % every === 0 && every < 60) return { minutes: every }
  if (Number.isInteger(inHours) && inHours > 0 && 24 % inHours === 0) return { hours: inHours, minute }
  at.problem(
    'manifest/schedule',
    'This interval does not fit: minutes must divide an hour (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30), hours a day (1, 2, 3, 4, 6, 8, 12, 24).'
  )
  return HOURLY
}

/** `9-17`, or a list of hours and ranges; `*` where nothing is said. */
function readHours(at: NodeReader): string {
  const text = at.text()?.replace(/\s+/g, '')
  if (text === undefined || text === '') return '*'
  if (readCron(`0 ${text} * * *`).ok && /^[\d,-]+$/.test(text)) return text
  at.problem('manifest/schedule', `"${text}" are no hours; write a range like 9-17, from 0 to 23.`)
  return '*'
}
