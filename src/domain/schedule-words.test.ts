import { expect, it } from 'vitest'
import type { CronSchedule } from './schedule.ts'
import { scheduleWords } from './schedule-words.ts'

const words = (...crons: string[]) =>
  scheduleWords({ kind: 'cron', crons, timezone: 'UTC', from: null, until: null }).replace(/ UTC$/, '')

it.each([
  ['* * * * *', 'every minute'],
  ['*/15 * * * *', 'every 15 minutes'],
  ['20 * * * *', 'every hour at :20'],
  ['5 */2 * * *', 'every 2 hours at :05'],
  ['*/10 9-17 * * 1-5', 'every 10 minutes from 09:00 to 17:59, Monday to Friday'],
  ['0 9 * * *', 'every day 09:00'],
  ['30 9,21 * * *', 'every day 09:30 and 21:30'],
  ['0 9 * * 1-5', 'Monday to Friday 09:00'],
  ['0 9 * * 1,3,0', 'Monday, Wednesday and Sunday 09:00'],
  ['0 9 1,15 * *', 'on day 1 and 15 of every month 09:00'],
  ['0 9 1 1 *', 'on day 1 of January 09:00'],
  ['0 9 * 6-8 *', 'every day in June to August 09:00'],
  ['0 9 13 * 5', 'cron 0 9 13 * 5'],
  ['0-30/7 9 * * *', 'cron 0-30/7 9 * * *']
])('%s is "%s"', (cron, said) => {
  expect(words(cron)).toBe(said)
})

it('several crons, zone and range are said too', () => {
  const schedule: CronSchedule = {
    kind: 'cron',
    crons: ['0 9 * * *', '0 12 * * 0'],
    timezone: 'Europe/Berlin',
    from: '2026-05-12T05:47:00.000Z',
    until: null
  }
  expect(scheduleWords(schedule)).toBe('every day 09:00 and Sunday 12:00 Europe/Berlin, from 2026-05-12 05:47 UTC')
  expect(scheduleWords({ kind: 'once', at: '2026-05-12T05:47:00.000Z' })).toBe('once at 2026-05-12 05:47 UTC')
})
