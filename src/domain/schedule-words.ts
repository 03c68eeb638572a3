import type { Schedule } from './schedule.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const MONTHS = [
  ...(['January', 'February', 'March', 'April', 'May', 'June'] as const),
  ...(['July', 'August', 'September', 'October', 'November', 'December'] as const)
] as const

/** In words: "every day 09:00 Europe/Berlin". A cron that has no short name is shown as it is. */
export function scheduleWords(schedule: Schedule): string {
  if (schedule.kind === 'once') return `once at ${minuteOf(schedule.at)}`
  if (schedule.kind === 'on-activation') return 'once, when it is activated'
  const { crons, timezone, from, until } = schedule
  const range = [from && `from ${minuteOf(from)}`, until && `until ${minuteOf(until)}`].filter(Boolean)
  return [`${crons.map(cronWords).join(' and ')} ${timezone}`, ...range].join(', ')
}

function cronWords(cron: string): string {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = cron.split(' ')
  const when = timeWords(minute, hour)
  const on = dayWords(day, month, weekday)
  if (when === null || on === null) return `cron ${cron}`
  if (when.every) return on === 'every day' ? when.text : `${when.text}, ${on}`
  return `${on} ${when.text}`
}

/** `every`: a rhythm of its own, not a time of a day; null = no short name. */
function timeWords(minute: string, hour: string): { text: string; every: boolean } | null {
  const step = stepOf(minute)
  if (hour === '*' || /^\d+-\d+$/.test(hour)) {
    const rhythm = step === null ? hourly(minute) : step === 1 ? 'every minute' : `every ${step} minutes`
    if (rhythm === null) return null
    const [first = '', last = ''] = hour.split('-')
    return { text: hour === '*' ? rhythm : `${rhythm} from ${two(first)}:00 to ${two(last)}:59`, every: true }
  }
  if (!/^\d+$/.test(minute)) return null
  const hours = stepOf(hour)
  if (hours !== null) return { text: `every ${hours} hours at :${two(minute)}`, every: true }
  if (!/^\d+(,\d+)*$/.test(hour)) return null
  return { text: list(hour.split(',').map((one) => `${two(one)}:${two(minute)}`)), every: false }
}

function hourly(minute: string): string | null {
  return /^\d+$/.test(minute) ? `every hour at :${two(minute)}` : null
}

function dayWords(day: string, month: string, weekday: string): string | null {
  const weekdays = weekdayWords(weekday)
  const months = month === '*' ? null : named(month, MONTHS, 1)
  if (weekdays === undefined || months === undefined) return null
  if (day === '*') {
    const on = weekdays ?? 'every day'
    return months === null ? on : `${on} in ${months}`
  }
  if (weekdays !== null || !/^\d+(,\d+)*$/.test(day)) return null
  const numbers = list(day.split(','))
  return months === null ? `on day ${numbers} of every month` : `on day ${numbers} of ${months}`
}

/** null = every day, undefined = no short name */
function weekdayWords(weekday: string): string | null | undefined {
  return weekday === '*' ? null : named(weekday, DAYS, 0)
}

function named(field: string, names: readonly string[], first: number): string | undefined {
  const range = /^(\d+)-(\d+)$/.exec(field)
  if (range !== null) return `${names[Number(range[1]) - first]} to ${names[Number(range[2]) - first]}`
  if (!/^\d+(,\d+)*$/.test(field)) return undefined
  return list(field.split(',').map((one) => names[Number(one) - first] ?? one))
}

/** of `*` and `*` / n */
function stepOf(field: string): number | null {
  if (field === '*') return 1
  const step = /^\*\/(\d+)$/.exec(field)?.[1]
  return step === undefined ? null : Number(step)
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

function two(number: string): string {
  return number.padStart(2, '0')
}

/** `2026-05-12 05:47 UTC` */
function minuteOf(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}
