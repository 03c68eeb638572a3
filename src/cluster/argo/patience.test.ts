import { expect, it } from 'vitest'
import type { Clock } from '../../platform/index.ts'
import { Patience } from './patience.ts'

/** A clock that a test sets. */
function patienceAt(): { patience: Patience; after: (seconds: number) => void } {
  let seconds = 0
  const clock: Clock = { now: () => new Date(seconds * 1000), sleep: async () => undefined }
  const after = (more: number) => {
    seconds += more
  }
  return { patience: new Patience(clock), after }
}

it('a result is waited for a moment, a ChaosEngine that is being stopped for minutes', () => {
  const { patience, after } = patienceAt()
  patience.awaits([
    { step: 'ended', active: false },
    { step: 'stopping', active: true }
  ])
  after(20)
  expect([patience.isLate('ended'), patience.isLate('stopping'), patience.isLate('other')]).toEqual([
    true,
    false,
    false
  ])
  after(170)
  expect(patience.isLate('stopping')).toBe(true)
})

it('a Workflow that does not stop is to end at once, and then is not waited for', () => {
  const { patience, after } = patienceAt()
  expect([patience.stops(), patience.isPastStop()]).toEqual(['stop', false])
  after(61)
  expect([patience.stops(), patience.isPastStop()]).toEqual(['terminate', false])
  after(180)
  expect(patience.isPastStop()).toBe(true)
})

it('a Workflow that no controller takes up is told of, and given up in the end', () => {
  const { patience, after } = patienceAt()
  expect(patience.untaken()).toBe('soon')
  after(31)
  expect(patience.untaken()).toBe('said')
  after(600)
  expect(patience.untaken()).toBe('given-up')
})

it('what cannot be seen for minutes is given up; one look in between begins anew', () => {
  const { patience, after } = patienceAt()
  expect(patience.fails()).toBe(false)
  after(299)
  expect(patience.fails()).toBe(false)
  patience.sees()
  after(2)
  expect(patience.fails()).toBe(false)
  after(301)
  expect(patience.fails()).toBe(true)
})
