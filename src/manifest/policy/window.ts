import type { PolicyWindow } from '../../domain/index.ts'
import type { NodeReader } from '../node-reader.ts'
import { isTimezone } from '../schedule/cron.ts'
import { DAYS, POLICY_KEYS } from './policy-keys.ts'
import { onlyKeys, words } from './words.ts'

/** `- {days: [Mon, Tue], from: "09:00", to: "17:00", timezone: Europe/Berlin}`; no days = every day */
export function readWindows(list: NodeReader): PolicyWindow[] {
  return list.items().map((at) => {
    onlyKeys(at, POLICY_KEYS.windows)
    const days = words(at.at('days'), DAYS).map((day) => DAYS.indexOf(day))
    return {
      days: at.at('days').missing ? DAYS.map((_, index) => index) : days,
      from: readMinute(at.at('from'), 0),
      to: readMinute(at.at('to'), 0),
      timezone: readTimezone(at.at('timezone'))
    }
  })
}

function readMinute(at: NodeReader, otherwise: number): number {
  if (at.missing) return otherwise
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(at.text() ?? '') ?? []
  if (hours !== undefined) return Number(hours) * 60 + Number(minutes)
  at.problem('manifest/policy', 'This must be a time of the day in quotes, for example "09:00".')
  return otherwise
}

function readTimezone(at: NodeReader): string {
  const name = at.text() || 'UTC'
  if (isTimezone(name)) return name
  at.problem('manifest/timezone', `"${name}" is no time zone; write an IANA name, for example Europe/Berlin.`)
  return 'UTC'
}
