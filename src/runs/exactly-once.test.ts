import { afterEach, beforeEach, expect, test } from 'vitest'
import { breakWrites } from '../../test/harness/break-once.ts'
import { type TestStore, testStore } from '../../test/harness/database.ts'
import { seedProject, seedWorkflow } from '../../test/harness/rows.ts'
import { shopWorkflow } from '../demo/shop/workflow.ts'
import { faultSchemas } from '../faults/index.ts'
import { silentLogger, systemClock } from '../platform/index.ts'
import { probeSchemas } from '../probes/index.ts'
import { insertFacts } from '../store/api/insert.ts'
import { requestRun } from '../store/runs/request.ts'
import { Runs } from './index.ts'

let store: TestStore
let infrastructureId: string
let definitionId: string
const servers: Runs[] = []

beforeEach(async () => {
  store = await testStore()
  ;({ infrastructureId } = await seedProject(store, 'shop'))
  definitionId = await seedWorkflow(store, { project: 'shop', name: 'cart-chaos', text: shopWorkflow('cart-chaos') })
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
  await store.close()
})

function startServer(): Runs {
  const catalogue = { faults: faultSchemas, probes: probeSchemas }
  const server = new Runs({ store, catalogue, clock: systemClock, log: silentLogger() })
  server.start()
  servers.push(server)
  return server
}

const request = (dedupeKey: string) =>
  requestRun(store.db, {
    projectId: 'shop',
    definitionId,
    parameters: {},
    infrastructureId: null,
    cause: { kind: 'manual', user: 'ada' },
    dedupeKey,
    automatic: true,
    now: new Date()
  })

const runs = () => store.db.selectFrom('runs').selectAll().execute()
const judged = (count: number) =>
  expect
    .poll(
      async () =>
        (await store.db.selectFrom('runRequests').select('id').where('state', '=', 'admitted').execute()).length,
      { timeout: 15_000 }
    )
    .toBe(count)

test.each([
  { table: 'runs', on: 'insert' },
  { table: 'steps', on: 'insert' },
  { table: 'run_requests', on: 'update' }
] as const)(
  'a server that dies at the $on of $table has started nothing; the request becomes one run',
  async (where) => {
    await breakWrites(store, { ...where, times: 2 })
    await request('key')
    await request('key')
    startServer()
    startServer()
    await judged(1)
    expect(await runs()).toHaveLength(1)
    expect(await store.db.selectFrom('steps').select('step').execute()).toHaveLength(2)
  }
)

test('several servers admit many requests: one run each, and each is leased to one agent once', async () => {
  for (let server = 0; server < 3; server++) startServer()
  await Promise.all(Array.from({ length: 20 }, (_, index) => request(`key-${index}`)))
  await judged(20)
  expect(await runs()).toHaveLength(20)
  const signal = new AbortController().signal
  const polls = await Promise.all(
    servers.flatMap((server) => [1, 2, 3].map(() => server.tasks(infrastructureId, [], { ms: 0, signal })))
  )
  const leased = polls.flat().map((task) => task.run)
  expect(new Set(leased).size).toBe(leased.length)
  expect(leased).toHaveLength(20)
  expect((await runs()).map((run) => run.leaseNumber)).toEqual(Array(20).fill(1))
})

test.each([
  ['waits for a person', 'waiting'],
  ['has ended', 'completed']
] as const)('an agent works on ten runs at once; one that %s makes place for another at once', async (_what, phase) => {
  const server = startServer()
  await Promise.all(Array.from({ length: 12 }, (_, index) => request(`key-${index}`)))
  await judged(12)
  const poll = (holding: readonly string[], ms = 0) =>
    server.tasks(infrastructureId, holding, { ms, signal: new AbortController().signal })
  const first = await poll([])
  expect(first).toHaveLength(10)
  const held = first.map(({ run }) => run)
  expect(await poll(held)).toEqual([])
  const next = poll(held, 60_000)
  const [leaves] = first
  if (leaves?.kind !== 'run') throw new Error('no task')
  const at = new Date().toISOString()
  const facts = [{ seq: 1, at, type: 'run-phase' as const, phase, reason: null }]
  await insertFacts(store.db, { infrastructureId, runId: leaves.run, lease: 1, facts, now: new Date() })
  const more = (await next).map(({ run }) => run)
  expect(more).toHaveLength(1)
  expect(await poll([...held, ...more])).toEqual([])
})

test('a run whose facts wait to be merged is not handed out anew as unheard of; whoever takes it over goes on numbering', async () => {
  const server = startServer()
  await request('key')
  await judged(1)
  const poll = () => server.tasks(infrastructureId, [], { ms: 0, signal: new AbortController().signal })
  const [task] = await poll()
  if (task?.kind !== 'run') throw new Error('no task')
  await server.stop()
  const at = new Date().toISOString()
  const facts = [{ seq: 1, at, type: 'run-phase' as const, phase: 'running' as const, reason: null }]
  await insertFacts(store.db, { infrastructureId, runId: task.run, lease: task.lease, facts, now: new Date() })
  await store.db
    .updateTable('runs')
    .set({ leasedUntil: new Date(Date.now() + 60_000) })
    .execute()
  expect(await poll()).toEqual([])
  await store.db.updateTable('runs').set({ leasedUntil: null }).execute()
  expect(await poll()).toMatchObject([{ lease: 2, lastSeq: 1, resumed: true }])
})

test('a run on Argo is taken over with what was told of it, but for its log; its plan has the workflow', async () => {
  const engine = JSON.stringify({ kind: 'argo', namespace: 'argo', instance: null })
  await store.db.updateTable('infrastructures').set({ engine }).where('id', '=', infrastructureId).execute()
  const server = startServer()
  await request('a')
  await judged(1)
  const poll = () => server.tasks(infrastructureId, [], { ms: 0, signal: new AbortController().signal })
  const [task] = await poll()
  await server.stop()
  expect(task).toMatchObject({ kind: 'run', plan: { argo: { namespace: 'argo' } }, resumed: false })
  expect(task).not.toHaveProperty('told')
  const runId = task?.run ?? ''
  const at = new Date().toISOString()
  await insertFacts(store.db, {
    ...{ infrastructureId, runId, lease: 1, now: new Date() },
    facts: [
      { seq: 1, at, type: 'run-phase', phase: 'running', reason: null },
      { seq: 2, at, type: 'log', step: null, level: 'info', text: 'given to Argo' }
    ]
  })
  await store.db.updateTable('runs').set({ leasedUntil: null }).where('id', '=', runId).execute()
  expect(await poll()).toMatchObject([
    { lease: 2, lastSeq: 2, resumed: true, told: [{ type: 'run-phase', phase: 'running' }] }
  ])
})
