import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountAgings } from '../src/accounts/index.ts'
import { type Aging, type Clock, newId, Retention, silentLogger } from '../src/platform/index.ts'
import { runAgings } from '../src/runs/index.ts'
import { syncAgings } from '../src/sync/index.ts'
import { changeAgings } from '../src/trigger/index.ts'
import { type TestStore, testStore } from './harness/database.ts'
import { seedProject, seedWorkflow } from './harness/rows.ts'

const DAY = 86_400_000
const NOW = new Date('2026-06-01T12:00:00Z')
const ago = (days: number) => new Date(NOW.getTime() - days * DAY)
let store: TestStore
let infrastructureId: string

beforeAll(async () => {
  store = await testStore()
  ;({ infrastructureId } = await seedProject(store, 'shop'))
})
afterAll(() => store.close())

test('runs go with all that belongs to them; the last of each workflow and those under way stay', async () => {
  const often = await seedWorkflow(store, { project: 'shop', name: 'often', text: '' })
  const seldom = await seedWorkflow(store, { project: 'shop', name: 'seldom', text: '' })
  for (let day = 200; day > 170; day--) await insertRun(often, day)
  const young = await insertRun(often, 10)
  const last = [await insertRun(seldom, 300), await insertRun(seldom, 299)]
  const underWay = await insertRun(often, 250, { endedAt: null })
  await sweep(runAgings(store, { days: 90, kept: 3 }))
  const left = await ids('runs')
  expect(left.filter((id) => last.includes(id))).toEqual(last)
  expect(left).toContain(young)
  expect(left).toContain(underWay)
  expect(left).toHaveLength(6)
  const kept = new Set(left)
  for (const table of ['facts', 'steps', 'stops', 'runRequests'] as const) {
    const rows = await store.db.selectFrom(table).select('runId').execute()
    expect([...new Set(rows.map(({ runId }) => runId))].filter((id) => id === null || !kept.has(id))).toEqual([])
    expect(rows).toHaveLength(6)
  }
})

test('a decision outlives the request that it made', async () => {
  const definition = await seedWorkflow(store, { project: 'shop', name: 'decided', text: '' })
  const run = await insertRun(definition, 120)
  const request = await store.db
    .selectFrom('runRequests')
    .select('id')
    .where('runId', '=', run)
    .executeTakeFirstOrThrow()
  const change = await insertChange(120, 'decided')
  await store.db
    .insertInto('decisions')
    .values({
      id: newId(ago(120)),
      changeId: change,
      projectId: 'shop',
      workflow: 'decided',
      outcome: 'triggered',
      reason: 'It opted in.',
      runRequestId: request.id,
      createdAt: ago(120)
    })
    .execute()
  await sweep(runAgings(store, { days: 90, kept: 0 }))
  expect(await store.db.selectFrom('decisions').select(['reason', 'runRequestId']).execute()).toEqual([
    { reason: 'It opted in.', runRequestId: null }
  ])
  await sweep(changeAgings(store, 90))
  expect(await ids('decisions')).toEqual([])
})

test('changes that wait stay, and so does the last observation of a workload that may still be there', async () => {
  const waiting = await insertChange(500, 'waiting')
  const young = await insertChange(5, 'decided')
  await insertChange(91, 'decided')
  await observe({ uid: 'old', name: 'cart', days: 200 })
  await observe({ uid: 'new', name: 'cart', days: 150 })
  await observe({ uid: 'quiet', name: 'reviews', days: 400 })
  await sweep(changeAgings(store, 90))
  expect(await ids('workloadChanges')).toEqual([waiting, young].toSorted())
  const observed = await store.db.selectFrom('observations').select('uid').orderBy('uid').execute()
  expect(observed.map(({ uid }) => uid)).toEqual(['new', 'quiet'])
})

test('edits that wait stay; passes, ended edits, audit, sessions and invitations go', async () => {
  const open = await insertEdit(400, null)
  const recent = await insertEdit(400, 3)
  await insertEdit(400, 380)
  await insertPass(100)
  const pass = await insertPass(80)
  const line = await insertLine(700)
  await insertLine(731)
  await insertEnding('of last week', 7)
  await insertEnding('of today', -1)
  await sweep([...syncAgings(store, { passes: 90, edits: 365 }), ...accountAgings(store, { audit: 730 })])
  expect(await ids('editRequests')).toEqual([open, recent].toSorted())
  expect(await ids('passes')).toEqual([pass])
  expect(await ids('audit')).toEqual([line])
  const sessions = await store.db.selectFrom('sessions').select('tokenHash').execute()
  const invitations = await store.db.selectFrom('invitations').select('id').execute()
  expect([...sessions, ...invitations]).toEqual([{ tokenHash: 'of today' }, { id: 'of today' }])
})

test('what is kept for ever is not touched, and a failing sweep is tried again', async () => {
  const swept: string[] = []
  let fails = 1
  const agings: Aging[] = [
    { what: 'for ever', days: 0, deleteBatch: async () => Promise.reject(new Error('touched')) },
    {
      what: 'old',
      days: 2,
      deleteBatch: async (before) => {
        if (fails-- > 0) throw new Error('the database is away')
        swept.push(before.toISOString())
        return swept.length < 3 ? 1 : 0
      }
    }
  ]
  await sweep(agings)
  expect(swept).toEqual(Array(3).fill('2026-05-30T12:00:00.000Z'))
})

/** One whole turn: until the loop sleeps for the next one. A loop that failed tries again at once. */
async function sweep(agings: Aging[]): Promise<void> {
  const rested = Promise.withResolvers<void>()
  const clock: Clock = {
    now: () => NOW,
    sleep: async (ms, signal) => {
      if (ms < 3_600_000) return
      rested.resolve()
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
    }
  }
  const retention = new Retention({ agings, clock, log: silentLogger() })
  retention.start()
  await rested.promise
  await retention.stop()
}

async function ids(table: 'runs' | 'decisions' | 'workloadChanges' | 'editRequests' | 'passes' | 'audit') {
  const rows = await store.db.selectFrom(table).select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

async function insertRun(definitionId: string, days: number, { endedAt = ago(days) }: { endedAt?: Date | null } = {}) {
  const at = ago(days)
  const id = newId(at)
  const common = { phase: 'completed', verdict: 'pass', recovery: null, reason: null } as const
  await store.db
    .insertInto('runs')
    .values({
      ...common,
      id,
      projectId: 'shop',
      definitionId,
      workflow: definitionId,
      revision: 1,
      commit: null,
      infrastructureId,
      plan: '{}',
      cause: '{"kind":"manual","user":"dana"}',
      score: 100,
      leaseNumber: 1,
      leasedUntil: null,
      mergedSeq: 1,
      createdAt: at,
      startedAt: at,
      endedAt
    })
    .execute()
  const step = { ...common, runId: id, step: 's', name: 's', position: 0, weight: 10, probeSuccess: 100 }
  await store.db
    .insertInto('steps')
    .values({ ...step, startedAt: at, endedAt })
    .execute()
  await store.db.insertInto('facts').values({ runId: id, seq: 1, lease: 1, body: '{}', receivedAt: at }).execute()
  await store.db.insertInto('stops').values({ runId: id, askedBy: 'dana', reason: '', askedAt: at }).execute()
  await store.db
    .insertInto('runRequests')
    .values({
      id: newId(at),
      projectId: 'shop',
      definitionId,
      revision: 1,
      parameters: '{}',
      infrastructureId: null,
      cause: '{"kind":"manual","user":"dana"}',
      dedupeKey: id,
      automatic: false,
      state: 'admitted',
      reason: null,
      runId: id,
      createdAt: at,
      endedAt: at
    })
    .execute()
  return id
}

let changes = 0

async function insertChange(days: number, state: 'waiting' | 'decided'): Promise<string> {
  const id = newId(ago(days))
  await store.db
    .insertInto('workloadChanges')
    .values({
      id,
      infrastructureId,
      uid: 'u',
      number: ++changes,
      kind: 'Deployment',
      namespace: 'shop',
      name: 'cart',
      before: '{}',
      after: '{}',
      state,
      createdAt: ago(days),
      decidedAt: null
    })
    .execute()
  return id
}

async function observe({ uid, name, days }: { uid: string; name: string; days: number }): Promise<void> {
  const body = JSON.stringify({ kind: 'Deployment', namespace: 'shop', name })
  const at = ago(days)
  await store.db
    .insertInto('observations')
    .values({ infrastructureId, uid, number: 1, body, receivedAt: at, comparedAt: at })
    .execute()
}

async function insertEdit(days: number, endedDays: number | null): Promise<string> {
  const id = newId(ago(days))
  await store.db
    .insertInto('editRequests')
    .values({
      id,
      projectId: 'shop',
      path: 'p',
      name: 'n',
      action: 'save',
      baseBlob: null,
      text: '',
      message: '',
      author: 'dana',
      authorEmail: 'dana@example.com',
      state: endedDays === null ? 'open' : 'merged',
      tries: '[]',
      reason: null,
      commit: null,
      createdAt: ago(days),
      endedAt: endedDays === null ? null : ago(endedDays)
    })
    .execute()
  return id
}

async function insertPass(days: number): Promise<string> {
  const id = newId(ago(days))
  const at = ago(days)
  await store.db
    .insertInto('passes')
    .values({ id, projectId: 'shop', startedAt: at, endedAt: at, outcome: 'changed', items: '[]' })
    .execute()
  return id
}

async function insertLine(days: number): Promise<string> {
  const id = newId(ago(days))
  await store.db
    .insertInto('audit')
    .values({ id, at: ago(days), actor: 'dana', action: 'run.start', projectId: 'shop', target: 'x' })
    .execute()
  return id
}

/** A session and an invitation that end so many days ago. */
async function insertEnding(name: string, days: number): Promise<void> {
  const user = { id: name, login: name, name, passwordHash: '', mustChangePassword: false, createdAt: ago(30) }
  const times = { createdAt: ago(30), expiresAt: ago(days) }
  await store.db.insertInto('users').values(user).execute()
  await store.db
    .insertInto('sessions')
    .values({ tokenHash: name, userId: name, csrfToken: '', ...times })
    .execute()
  await store.db
    .insertInto('invitations')
    .values({ id: name, tokenHash: name, login: `${name} too`, name, invitedBy: 'admin', ...times })
    .execute()
}
