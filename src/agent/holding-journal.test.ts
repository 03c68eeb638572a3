import { expect, it } from 'vitest'
import type { Journal, JournalRecord } from '../engine/index.ts'
import { holdingJournal } from './holding-journal.ts'

function heldBy(): Journal & { kept: Map<string, JournalRecord> } {
  const kept = new Map<string, JournalRecord>()
  return {
    kept,
    write: async (record) => void kept.set(record.id, record),
    all: async () => [...kept.values()],
    remove: async (id) => void kept.delete(id)
  }
}

const record = (id: string, run: string, uid: string): JournalRecord => ({
  ...{ id, run, step: 's', fault: 'pod-autoscaler', at: '2026-01-01T00:00:00Z', recoveryDeadlineMs: 1 },
  target: { namespace: 'shop', name: 'cart', uid },
  undo: {}
})

it('a run holds what it injects into from before the harm until a while after its undo record is gone', async () => {
  let now = 0
  const clock = { now: () => new Date(now), sleep: async () => undefined }
  const { journal, runOf } = holdingJournal(heldBy(), clock)
  expect(runOf('u1')).toBeNull()
  await journal.write(record('i1', 'r1', 'u1'))
  now += 3_600_000
  expect(runOf('u1')).toBe('r1')
  await journal.remove('i1')
  now += 60_000
  expect(runOf('u1')).toBe('r1')
  now += 120_000
  expect(runOf('u1')).toBeNull()
})

it('what an earlier process left is held as well', async () => {
  const left = heldBy()
  await left.write(record('i1', 'r1', 'u1'))
  const { journal, runOf } = holdingJournal(left, { now: () => new Date(0), sleep: async () => undefined })
  await journal.all()
  expect(runOf('u1')).toBe('r1')
})
