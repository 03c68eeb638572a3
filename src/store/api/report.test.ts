import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../../test/harness/database.ts'
import type { Fact, Observation } from '../../domain/index.ts'
import { insertFacts, insertObservations } from './insert.ts'

const now = new Date('2026-05-04T10:00:00Z')
let store: TestStore

beforeAll(async () => {
  store = await testStore()
  await store.db.insertInto('projects').values({ id: 'shop', name: 'Shop', createdAt: now }).execute()
  await store.db
    .insertInto('infrastructures')
    .values(
      ['laptop', 'other'].map((id) => ({
        id,
        name: id,
        kind: 'local' as const,
        environment: 'non-prod' as const,
        allowCommands: false,
        createdAt: now
      }))
    )
    .execute()
  await store.db
    .insertInto('definitions')
    .values({
      id: 'd1',
      projectId: 'shop',
      kind: 'Workflow',
      path: 'p',
      name: 'cart',
      revision: 1,
      createdAt: now,
      updatedAt: now
    })
    .execute()
})

afterAll(() => store.close())

async function newRun(id: string): Promise<string> {
  const unknown = { plan: '{}', cause: '{}' }
  await store.db
    .insertInto('runs')
    .values({
      ...unknown,
      id,
      projectId: 'shop',
      definitionId: 'd1',
      workflow: 'cart',
      revision: 1,
      infrastructureId: 'laptop',
      phase: 'running',
      verdict: 'awaited',
      leaseNumber: 2,
      mergedSeq: 0,
      createdAt: now
    })
    .execute()
  return id
}

function log(seq: number, text = `line ${seq}`): Fact {
  return { seq, at: now.toISOString(), type: 'log', step: null, level: 'info', text }
}

function report(runId: string, facts: Fact[], change: { lease?: number; infrastructureId?: string } = {}) {
  return insertFacts(store.db, { infrastructureId: 'laptop', runId, lease: 2, facts, now, ...change })
}

test('facts are stored once, in an unbroken row, however they arrive', async () => {
  const run = await newRun('r1')
  expect(await report(run, [log(2), log(1)])).toEqual({ kind: 'stored', last: 2 })
  expect(await report(run, [log(1, 'changed'), log(2), log(3), log(5)])).toEqual({ kind: 'stored', last: 3 })
  await Promise.all([report(run, [log(4)]), report(run, [log(4)]), report(run, [log(4), log(5)])])
  const rows = await store.db
    .selectFrom('facts')
    .select(['seq', 'body'])
    .where('runId', '=', run)
    .orderBy('seq')
    .execute()
  expect(rows.map((row) => row.seq)).toContain(4)
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1))
  expect(rows[0]?.body).toEqual(log(1))
})

test('facts of an older lease, of another infrastructure or of a run that is over are refused', async () => {
  const run = await newRun('r2')
  expect(await report(run, [log(1)], { lease: 1 })).toEqual({ kind: 'lost' })
  expect(await report(run, [log(1)], { infrastructureId: 'other' })).toEqual({ kind: 'lost' })
  await store.db.updateTable('runs').set({ endedAt: now }).where('id', '=', run).execute()
  expect(await report(run, [log(1)])).toEqual({ kind: 'lost' })
})

test('a text that the database cannot hold is stored without the odd characters', async () => {
  const run = await newRun('r3')
  expect(await report(run, [log(1, 'a\0b\ud800 \\u0000')])).toEqual({ kind: 'stored', last: 1 })
  const row = await store.db.selectFrom('facts').select('body').where('runId', '=', run).executeTakeFirst()
  expect(row?.body).toEqual(log(1, 'a\ufffdb\ufffd \\u0000'))
})

function observation(number: number): Observation {
  return {
    uid: 'u1',
    number,
    kind: 'Deployment',
    namespace: 'shop',
    name: 'cart',
    aspects: {
      image: { cart: `cart:v${number}` },
      labels: { app_name: 'cart' },
      annotations: { 'litmuschaos.io/gitops': 'true', snake_case_key: 'stays' }
    },
    rollout: 'healthy',
    at: now.toISOString()
  }
}

test('observations are stored once, and their keys are as the agent sent them', async () => {
  const send = (...numbers: number[]) =>
    insertObservations(store.db, { infrastructureId: 'laptop', observations: numbers.map(observation), now })
  const heard: (string | null)[] = []
  const end = store.notifier.subscribe('observation', (payload) => heard.push(payload))
  expect(await send(1, 2)).toBe(2)
  expect(await send(1, 2)).toBe(0)
  const both = await Promise.all([send(2, 3), send(3)])
  expect(both.toSorted()).toEqual([0, 1])
  const rows = await store.db.selectFrom('observations').select('body').orderBy('number').execute()
  expect(rows.map((row) => row.body)).toEqual([1, 2, 3].map(observation))
  await expect.poll(() => heard, { timeout: 5000 }).toEqual(['laptop', 'laptop'])
  end()
})

test('an observation older than the last known is not news, even when the older ones were forgotten', async () => {
  await store.db.deleteFrom('observations').where('number', '<', 3).execute()
  expect(await insertObservations(store.db, { infrastructureId: 'laptop', observations: [observation(2)], now })).toBe(
    0
  )
})
