import { expect, it } from 'vitest'
import { pollEvery, provedBy } from './hook-proof.ts'

const at = (second: number) => new Date(second * 1000)
const looked = { checkedAt: at(10), hookAt: null, knockedAt: null, hookProvedAt: null }

it('a change that a webhook announced proves it, also at the first look', () => {
  const announced = { ...looked, hookAt: at(12), knockedAt: at(12) }
  expect(provedBy(announced, { moved: true, now: at(13) })).toEqual(at(13))
  expect(provedBy({ ...announced, checkedAt: null }, { moved: true, now: at(13) })).toEqual(at(13))
})

it('a knock without a change proves nothing: anybody who knows the secret may knock', () => {
  expect(provedBy({ ...looked, hookAt: at(12), knockedAt: at(12) }, { moved: false, now: at(13) })).toBeNull()
})

it('a change that the clock found ends it; one that a person or an edit asked to look for says nothing', () => {
  const proved = { ...looked, hookAt: at(5), hookProvedAt: at(6) }
  expect(provedBy(proved, { moved: true, now: at(40) })).toBeNull()
  expect(provedBy({ ...proved, knockedAt: at(39) }, { moved: true, now: at(40) })).toEqual(at(6))
  expect(provedBy(proved, { moved: false, now: at(40) })).toEqual(at(6))
})

it('polls ten times slower, at most ten minutes, never quicker than asked for', () => {
  expect([1, 30, 120, 3600].map((seconds) => pollEvery(seconds, at(1)))).toEqual([10, 300, 600, 3600])
  expect(pollEvery(30, null)).toBe(30)
})
