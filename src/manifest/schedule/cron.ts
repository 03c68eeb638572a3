import { Cron } from 'croner'

/** A field of a cron expression: its bounds, and the names that it may use instead of numbers. */
interface Field {
  name: string
  min: number
  max: number
  names: readonly string[]
}

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of the month', min: 1, max: 31, names: [] },
  {
    name: 'month',
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
  },
  { name: 'day of the week', min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }
]

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *']
])

export type CronResult = { ok: true; cron: string } | { ok: false; reason: string }

/**
 * A cron expression as Argo reads it (robfig/cron, five fields or a nickname), with names and short forms written out;
 * or why it is none, or never fires. What only other crons know (seconds, `L`, `#`, `@every`) is refused: the file is to
 * mean the same wherever it runs.
 */
export function readCron(text: string): CronResult {
  const words = (NICKNAMES.get(text.trim().toLowerCase()) ?? text.trim()).split(/\s+/)
  if (words[0]?.startsWith('@'))
    return no(`There is no ${words[0]} here; write five fields, or one of ${[...NICKNAMES.keys()].join(', ')}.`)
  if (words.length !== FIELDS.length)
    return no(
      `"${text}" has ${words.length} ${words.length === 1 ? 'field' : 'fields'}; a cron has five: minute, hour, day of the month, month, day of the week.`
    )
  const fields = FIELDS.map((field, index) => readField(words[index] ?? '', field))
  const bad = fields.find((field) => !field.ok)
  if (bad !== undefined && !bad.ok) return bad
  const cron = fields.map((field) => (field.ok ? field.cron : '')).join(' ')
  return fires(cron) ? { ok: true, cron } : no(`"${text}" never fires: there is no such day.`)
}

/** Whether it is an IANA name that this machine knows; an offset (`+02:00`) is none, and Argo would not know it. */
export function isTimezone(name: string): boolean {
  if (!/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/**
 * The evaluation of one expression. A fixed time of a day that the clocks leave out is made up right after the gap, one
 * that comes twice counts once; rhythms (`*`, steps) go on in real time.
 */
export function evaluate(cron: string, timezone: string): Cron {
  return new Cron(cron, { paused: true, mode: '5-part', timezone, fixedTimeRule: 'no-wildcard' })
}

function readField(text: string, field: Field): CronResult {
  const parts = text.split(',').map((part) => readPart(part, field))
  const bad = parts.find((part) => !part.ok)
  return bad ?? { ok: true, cron: parts.map((part) => (part.ok ? part.cron : '')).join(',') }
}

/** `*`, `5`, `1-5`, each with an optional step; `5/15` is `5-59/15`. */
function readPart(text: string, field: Field): CronResult {
  const match = /^(?:(\*|\?)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(text)
  if (match === null) return no(`"${text}" is no ${field.name} of a cron.`)
  const [, any, first, last, step] = match
  const every = step === undefined ? '' : `/${step}`
  if (step !== undefined && !(Number(step) >= 1 && Number(step) <= field.max))
    return no(`"${text}": a step of the ${field.name} is 1 to ${field.max}.`)
  if (any !== undefined) return { ok: true, cron: `*${every}` }
  const from = numberOf(first ?? '', field)
  const to = last === undefined ? (step === undefined ? from : field.max) : numberOf(last, field)
  if (from === null || to === null) return no(outOfBounds(text, field))
  if (to < from) return no(`"${text}" goes backwards; write the ${field.name}s one by one, with commas.`)
  return { ok: true, cron: from === to && step === undefined ? String(from) : `${from}-${to}${every}` }
}

function numberOf(text: string, { min, max, names }: Field): number | null {
  const named = names.indexOf(text.toLowerCase())
  if (named >= 0) return named + min
  const number = /^\d{1,2}$/.test(text) ? Number(text) : -1
  return number >= min && number <= max ? number : null
}

function outOfBounds(text: string, { name, min, max, names }: Field): string {
  const sunday = name === 'day of the week' && /\b7\b/.test(text) ? ' Sunday is 0.' : ''
  const words = names.length === 0 ? '' : `, or ${names[0]} to ${names.at(-1)}`
  return `"${text}" is no ${name}: ${min} to ${max}${words}.${sunday}`
}

/** From a fixed instant, so that a text is judged the same whenever it is read; every date comes back within 8 years. */
function fires(cron: string): boolean {
  return evaluate(cron, 'UTC').nextRun(new Date('2000-01-01T00:00:00Z')) !== null
}

function no(reason: string): CronResult {
  return { ok: false, reason }
}
