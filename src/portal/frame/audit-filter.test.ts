import { expect, test } from 'vitest'
import { auditFilter, auditQuery } from './audit-filter.ts'

test('the URL is what is shown; words that mean nothing are dropped', () => {
  const search = { of: 'server', who: 'ann', what: 'member', q: 42, from: '2026-01-31', to: 'soon', other: 'x' }
  expect(auditFilter(search)).toEqual({ of: 'server', who: 'ann', what: 'member', q: '42', from: '2026-01-31' })
  expect(auditFilter({ of: 'all', who: '', from: '2026-13-40' })).toEqual({})
})

test('a span ends now', () => {
  expect(auditQuery(auditFilter({ since: '1h' }), 7_200_000)).toMatchObject({ from: '1970-01-01T01:00:00.000Z' })
  expect(auditFilter({ since: '2h' })).toEqual({})
})

test('the last day is in', () => {
  const { from, to } = auditQuery({ from: '2026-01-31', to: '2026-01-31' }, 0)
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(24 * 3_600_000)
})
