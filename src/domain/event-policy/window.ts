import type { PolicyWindow } from './event-policy.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const DAY = 24 * 60

/** Whether something may start now; no window at all is no restriction. */
export function isOpen(windows: readonly PolicyWindow[], now: Date): boolean {
  return windows.length === 0 || windows.some((window) => contains(window, now))
}

/** By the clock on the wall of the window's zone, so that summer time moves it as it moves people. */
function contains({ days, from, to, timezone }: PolicyWindow, now: Date): boolean {
  const { day, minute } = wallClock(now, timezone)
  if (to > from) return days.includes(day) && minute >= from && minute < to
  const yesterday = (day + 6) % 7
  return (days.includes(day) && minute >= from) || (days.includes(yesterday) && minute < to)
}

function wallClock(now: Date, timeZone: string): { day: number; minute: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  })
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]))
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
  return { day: DAYS.indexOf(parts.get('weekday') ?? ''), minute: minute % DAY }
}
