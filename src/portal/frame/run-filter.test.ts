import { expect, test } from 'vitest'
import { runFilter, runQuery } from './run-filter.ts'

test('words of the URL that mean nothing are dropped', () => {
  expect(
    runFilter({ phase: 'completed', verdict: 'splendid', cause: 7, workflow: 404, since: '7d', from: 'soon' })
  ).toEqual({ phase: 'completed', workflow: '404', since: '7d' })
  expect(runFilter({ from: '2026-01-31', to: '2026-02-30x', infrastructure: '' })).toEqual({ from: '2026-01-31' })
})

test('spans and days become times; the last day is in', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  expect(runQuery({ since: '24h', verdict: 'fail' }, now)).toEqual({
    verdict: 'fail',
    from: '2026-02-28T12:00:00.000Z',
    to: undefined
  })
  const { from = '', to = '' } = runQuery({ from: '2026-01-31', to: '2026-01-31' }, now)
  expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000)
})
