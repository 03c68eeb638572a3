import { expect, test } from 'vitest'
import { auditFilter, auditQuery } from './audit-filter.ts'

test('the URL is what is shown; words that mean nothing are dropped', () => {
  const search = { of: 'server', who: 'ann', what: 'member', q: 42, from: '2026-01-31', to: 'soon', other: 'x' }
  expect(auditFilter(search)).toEqual({ of: 'server', who: 'ann', what: 'member', q: '42', from: '2026-01-31' })
  expect(auditFilter({ of: 'all', who: '', from: '2026-13-40' })).toEqual({})
})

test('the last day is in', () => {
  const { from, to } = auditQuery({ from: '2026-01-31', to: '2026-01-31' })
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(24 * 3_600_000)
})
