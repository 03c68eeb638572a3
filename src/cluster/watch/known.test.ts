import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differs, type Known, type Step, stepOf } from './known.ts'

const nameOf = (object: unknown) => (object as { metadata: { name: string } }).metadata.name
const event = (type: string, uid: string, version: number, name = uid) => ({
  type,
  object: { metadata: { uid, name, resourceVersion: String(version) } }
})

describe('what an event means', () => {
  it.each([
    ['ADDED', { kind: 'put', uid: 'a', version: '8', object: 'a' }],
    ['MODIFIED', { kind: 'put', uid: 'a', version: '8', object: 'a' }],
    ['DELETED', { kind: 'drop', uid: 'a', version: '8' }],
    ['BOOKMARK', { kind: 'passed', version: '8' }]
  ])('%s', (type, step) => {
    expect(stepOf(event(type, 'a', 8), '7', nameOf)).toEqual(step)
  })

  it('one of a version that has been reached is a repetition, however many digits it has', () => {
    expect(stepOf(event('ADDED', 'a', 8), '8', nameOf)).toEqual({ kind: 'nothing' })
    expect(stepOf(event('ADDED', 'a', 9), '10', nameOf)).toEqual({ kind: 'nothing' })
    expect(stepOf(event('ADDED', 'a', 10), '9', nameOf)).toMatchObject({ kind: 'put' })
  })

  it('a version that is too old asks for a new list, with the API server’s own words', () => {
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (7)' }
    expect(stepOf({ type: 'ERROR', object: status }, '7', nameOf)).toEqual({
      kind: 'relist',
      why: 'too old resource version: 1 (7)'
    })
  })

  it('whatever comes, there is an answer', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.constantFrom('ADDED', 'DELETED', 'x'), (odd, metadata, type) => {
        for (const one of [odd, { type, object: odd }, { type, object: { metadata } }])
          expect(stepOf(one, '1', () => 'x').kind).toMatch(/put|drop|passed|nothing|relist/)
      })
    )
  })
})

/** What a cluster did to a few objects, as the watch tells it. */
const history = fc
  .array(fc.record({ uid: fc.constantFrom('a', 'b', 'c'), gone: fc.boolean() }), { maxLength: 30 })
  .map((steps) => {
    const living = new Set<string>()
    return steps.flatMap(({ uid, gone }, index) => {
      if (gone && !living.delete(uid)) return []
      const type = gone ? 'DELETED' : living.has(uid) ? 'MODIFIED' : 'ADDED'
      if (!gone) living.add(uid)
      return [event(type, uid, index + 1, `${uid}-${index}`)]
    })
  })

function follow(events: readonly unknown[]): Map<string, Known<string>> {
  const known = new Map<string, Known<string>>()
  let version = '0'
  for (const one of events) {
    const step: Step<string> = stepOf(one, version, nameOf)
    if (step.kind === 'put') known.set(step.uid, { version: step.version, object: step.object })
    if (step.kind === 'drop') known.delete(step.uid)
    if ('version' in step) version = step.version
  }
  return known
}

it('stretches of the watch that come again change nothing', () => {
  fc.assert(
    fc.property(history, fc.nat(), fc.nat(), (events, at, back) => {
      const cut = events.length === 0 ? 0 : at % events.length
      const again = events.slice(Math.max(0, cut - back), cut)
      expect(follow([...events.slice(0, cut), ...again, ...events.slice(cut)])).toEqual(follow(events))
    })
  )
})

it('a list is told from what is known by what is there, and its versions', () => {
  const map = (pairs: [string, string][]) => new Map(pairs.map(([uid, version]) => [uid, { version, object: uid }]))
  const known = map([['a', '1']])
  expect(differs(known, map([['a', '1']]))).toBe(false)
  for (const other of [map([]), map([['a', '2']]), map([['b', '1']])]) expect(differs(known, other)).toBe(true)
})
