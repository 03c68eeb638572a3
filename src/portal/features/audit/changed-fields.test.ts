import { expect, it } from 'vitest'
import { changedFields } from './changed-fields.ts'

it('names only what differs', () => {
  const before = { role: 'viewer', name: 'Ann', limits: { most: 2 } }
  const after = { role: 'executor', name: 'Ann', limits: { most: 3 } }
  expect(changedFields(before, after)).toEqual([
    { name: 'role', before: 'viewer', after: 'executor' },
    { name: 'limits', before: '{"most":2}', after: '{"most":3}' }
  ])
})

it('tells what came, what went, and what was never there', () => {
  expect(changedFields(null, { role: 'owner' })).toEqual([{ name: 'role', before: null, after: 'owner' }])
  expect(changedFields({ role: 'owner' }, null)).toEqual([{ name: 'role', before: 'owner', after: null }])
  expect(changedFields(null, { email: null })).toEqual([])
  expect(changedFields(null, null)).toEqual([])
})

it('shows values that have no fields as they are', () => {
  expect(changedFields('on', ['off'])).toEqual([{ name: 'value', before: 'on', after: '["off"]' }])
})
