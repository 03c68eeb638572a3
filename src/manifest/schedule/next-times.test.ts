import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CronSchedule, Schedule } from '../../domain/index.ts'
import { readCron } from './cron.ts'
import { latestTime, nextTime, nextTimes } from './next-times.ts'

const cron = (timezone: string, ...crons: string[]): CronSchedule => ({
  kind: 'cron',
  crons,
  timezone,
  from: null,
  until: null
})
const after = (schedule: Schedule, instant: string, count = 1) =>
  nextTimes(schedule, new Date(instant), count).map((time) => time.toISOString().replace(':00.000', ''))

it('a time of a day is that time in its zone, summer and winter', () => {
  const berlin = cron('Europe/Berlin', '0 9 * * *')
  expect(after(berlin, '2026-03-28T00:00:00Z', 2)).toEqual(['2026-03-28T08:00Z', '2026-03-29T07:00Z'])
  expect(after(berlin, '2026-10-24T08:00:00Z', 2)).toEqual(['2026-10-25T08:00Z', '2026-10-26T08:00Z'])
})

it('a time that the clocks leave out comes right after the gap, one that comes twice counts once', () => {
  const night = cron('Europe/Berlin', '30 2 * * *')
  expect(after(night, '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:00Z', '2026-03-30T00:30Z'])
  expect(after(night, '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30Z', '2026-10-26T01:30Z'])
  const newYork = cron('America/New_York', '30 1,2 * * *')
  expect(after(newYork, '2026-11-01T04:00:00Z', 3)).toEqual([
    '2026-11-01T05:30Z',
    '2026-11-01T07:30Z',
    '2026-11-02T06:30Z'
  ])
})

it('a rhythm goes on in real time through both', () => {
  const half = cron('Europe/Berlin', '*/30 * * * *')
  expect(after(half, '2026-10-25T00:00:00Z', 4)).toEqual([
    '2026-10-25T00:30Z',
    '2026-10-25T01:00Z',
    '2026-10-25T01:30Z',
    '2026-10-25T02:00Z'
  ])
  expect(after(half, '2026-03-29T00:30:00Z', 2)).toEqual(['2026-03-29T01:00Z', '2026-03-29T01:30Z'])
})

it('of several crons the earliest counts, and what they share is one start', () => {
  const both = cron('UTC', '0 9 * * *', '0 */3 * * *')
  expect(after(both, '2026-05-01T05:00:00Z', 3)).toEqual([
    '2026-05-01T06:00Z',
    '2026-05-01T09:00Z',
    '2026-05-01T12:00Z'
  ])
})

it('a range bounds it, both ends included', () => {
  const bounded = { ...cron('UTC', '0 * * * *'), from: '2026-05-01T10:00:00.000Z', until: '2026-05-01T11:00:00.000Z' }
  expect(after(bounded, '2026-01-01T00:00:00Z', 9)).toEqual(['2026-05-01T10:00Z', '2026-05-01T11:00Z'])
  expect(latestTime(bounded, new Date('2027-01-01T00:00:00Z'))?.toISOString()).toBe('2026-05-01T11:00:00.000Z')
  expect(latestTime(bounded, new Date('2026-05-01T09:59:00Z'))).toBeNull()
})

it('once is once; what starts on activation has no time of its own', () => {
  const once: Schedule = { kind: 'once', at: '2026-05-12T05:47:00.000Z' }
  expect(after(once, '2026-05-12T05:46:59Z', 5)).toEqual(['2026-05-12T05:47Z'])
  expect(nextTime(once, new Date('2026-05-12T05:47:00Z'))).toBeNull()
  expect(latestTime(once, new Date('2026-05-12T05:47:00Z'))?.toISOString()).toBe('2026-05-12T05:47:00.000Z')
  expect(nextTime({ kind: 'on-activation' }, new Date(0))).toBeNull()
})

const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu')
const part = (min: number, max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min, max }).map(String),
    fc.integer({ min: 2, max: Math.max(2, Math.floor(max / 2)) }).map((step) => `*/${step}`)
  )
const expression = fc
  .tuple(part(0, 59), part(0, 23), part(1, 28), part(1, 12), part(0, 6))
  .map((fields) => fields.join(' '))
const instant = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })

it('whatever the text, it is a cron that can be evaluated, or has a reason against it', () => {
  const field = fc.string({ unit: fc.constantFrom(...'0123456789*/,-?LW#jansun'), minLength: 1, maxLength: 6 })
  const text = fc.oneof(
    fc.string(),
    fc.array(field, { minLength: 5, maxLength: 5 }).map((fields) => fields.join(' '))
  )
  fc.assert(
    fc.property(text, (any) => {
      const read = readCron(any)
      if (read.ok) expect(nextTime(cron('Europe/Berlin', read.cron), new Date('2026-03-29T00:30:00Z'))).not.toBeNull()
      else expect(read.reason).toMatch(/\.$/)
    }),
    { numRuns: 1000 }
  )
})

it('the next time is strictly later, on a whole minute, and nothing lies between', () => {
  fc.assert(
    fc.property(expression, zone, instant, (text, timezone, from) => {
      const read = readCron(text)
      if (!read.ok) throw new Error(read.reason)
      const schedule = cron(timezone, read.cron)
      const next = nextTime(schedule, from)
      if (next === null) throw new Error(`${text} has no next time`)
      expect(next.getTime()).toBeGreaterThan(from.getTime())
      expect(next.getTime() % 60_000).toBe(0)
      expect(latestTime(schedule, next)).toEqual(next)
      const before = latestTime(schedule, new Date(next.getTime() - 1))
      if (before !== null) expect(before.getTime()).toBeLessThanOrEqual(from.getTime())
    }),
    { numRuns: 200 }
  )
})
