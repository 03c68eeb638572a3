import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOOK_KINDS, type HookKind } from './hook.ts'
import { readHookEvent, unwanted } from './read-event.ts'
import { valuesIn } from './values.ts'

/** Documents with the names that the readers look for, and any value in their place. */
const NAMES = [
  'app',
  'revision',
  'health',
  'involvedObject',
  'metadata',
  'groupKey',
  'status',
  'alerts',
  'id',
  'source'
]
const document = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(
    fc.oneof(fc.constantFrom(...NAMES), fc.string()),
    fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue())
  )
)

const eventOf = (kind: HookKind, body: unknown, headers: Record<string, string> = {}) => {
  const reading = readHookEvent(kind, { headers, body })
  if (!reading.ok) throw new Error(reading.problem)
  return reading.event
}

it.each(HOOK_KINDS)('%s: whatever comes is an event on one line, or a problem that is told', (kind) => {
  fc.assert(
    fc.property(
      document,
      fc.dictionary(fc.constantFrom('content-type', 'ce-id', 'ce-type'), fc.string()),
      (body, headers) => {
        const reading = readHookEvent(kind, { body, headers })
        if (!reading.ok) return void expect(reading.problem).not.toBe('')
        const { subject, dedupeId, values } = reading.event
        expect(subject.length).toBeLessThanOrEqual(300)
        for (const text of [subject, dedupeId, ...values.values()]) expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u)
        expect(values.size).toBeLessThanOrEqual(302)
      }
    )
  )
})

describe('what one event is', () => {
  it.each<[string, HookKind, object, object, boolean]>([
    ['another health', 'argo-cd', { app: 'a', revision: '1' }, { app: 'a', revision: '1', health: 'Healthy' }, true],
    ['another revision', 'argo-cd', { app: 'a', revision: '1' }, { app: 'a', revision: '2' }, false],
    ['where one name ends', 'argo-cd', { app: 'a', revision: 'b c' }, { app: 'a b', revision: 'c' }, false],
    [
      'values of a chart alone',
      'flux',
      { involvedObject: { kind: 'HelmRelease', name: 'a' }, metadata: { revision: '1', token: 'x' } },
      { involvedObject: { kind: 'HelmRelease', name: 'a' }, metadata: { revision: '1', token: 'y' } },
      false
    ],
    [
      'a further alert of a group',
      'alertmanager',
      { groupKey: 'g', status: 'firing', alerts: [{ status: 'firing', startsAt: '2026-01-01T00:00:00Z' }] },
      {
        groupKey: 'g',
        status: 'firing',
        alerts: [
          { status: 'firing', startsAt: '2026-01-02T00:00:00Z' },
          { status: 'firing', startsAt: '2026-01-01T00:00:00Z' }
        ]
      },
      true
    ],
    [
      'a new incident',
      'alertmanager',
      { groupKey: 'g', status: 'firing', alerts: [{ status: 'firing', startsAt: '2026-01-01T00:00:00Z' }] },
      { groupKey: 'g', status: 'firing', alerts: [{ status: 'firing', startsAt: '2026-01-02T00:00:00Z' }] },
      false
    ]
  ])('%s', (_, kind, one, other, same) => {
    expect(eventOf(kind, one).dedupeId === eventOf(kind, other).dedupeId).toBe(same)
  })

  it('a CloudEvent is the same in both modes', () => {
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/ci',
      type: 'done',
      subject: 'å',
      data: { revision: 'c0ffee' }
    }
    const structured = eventOf('cloudevents', event, { 'content-type': 'application/cloudevents+json; charset=utf-8' })
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/ci',
      'ce-type': 'done',
      'ce-subject': '%C3%A5'
    }
    const binary = eventOf('cloudevents', event.data, { ...headers, 'content-type': 'application/json' })
    expect([...binary.values].sort()).toEqual([...structured.values].sort())
    expect({ ...binary, values: null }).toEqual({ ...structured, values: null })
  })
})

it('values near the top are kept where there are too many', () => {
  const alerts = Array.from({ length: 1000 }, (_, n) => ({ status: 'firing', labels: { pod: `p${n}` } }))
  const values = valuesIn({ alerts, commonLabels: { severity: 'critical' } })
  expect([values.get('commonLabels.severity'), values.size]).toEqual(['critical', 300])
})

it('an event is wanted only if every value is there and fits', () => {
  const values = new Map([['severity', 'critical']])
  expect(unwanted({}, values)).toBeNull()
  expect(unwanted({ severity: 'crit*' }, values)).toBeNull()
  expect(unwanted({ severity: 'crit*', namespace: '*' }, values)).toBe('It has no namespace, which must be like *.')
  expect(unwanted({ severity: 'warn?ng' }, values)).toBe('severity is critical, not like warn?ng.')
})
