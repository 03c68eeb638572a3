import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { breakWrites } from '../../test/harness/break-once.ts'
import { type TestStore, testStore } from '../../test/harness/database.ts'
import { seedProject, seedWorkflow } from '../../test/harness/rows.ts'
import type { Observation } from '../domain/index.ts'
import { createLogger, Redactor, systemClock } from '../platform/index.ts'
import { insertObservations } from '../store/api/insert.ts'
import { Trigger } from './trigger.ts'

let store: TestStore
let infrastructureId: string
let warnings: string[]
const triggers: Trigger[] = []

beforeEach(async () => {
  store = await testStore()
  ;({ infrastructureId } = await seedProject(store, 'shop'))
  await seedWorkflow(store, { project: 'shop', name: 'cart-chaos', text: 'kind: Workflow' })
  warnings = []
})
afterEach(async () => {
  await Promise.all(triggers.splice(0).map((trigger) => trigger.stop()))
  await store.close()
})

function startTrigger(): Trigger {
  const destination = { write: (line: string) => void warnings.push(line) }
  const log = createLogger({ level: 'warn', redactor: new Redactor(), destination })
  const trigger = new Trigger({ store, clock: systemClock, log })
  trigger.start()
  triggers.push(trigger)
  return trigger
}

function seen(uid: string, number: number, image: string, rollout: Observation['rollout'] = 'healthy'): Observation {
  const annotations = { 'litmuschaos.io/gitops': 'true', 'litmuschaos.io/workflow': 'cart-chaos' }
  const at = new Date().toISOString()
  const aspects = { image: { cart: image }, annotations }
  return { uid, number, kind: 'Deployment', namespace: 'shop', name: uid, aspects, rollout, at }
}

const post = (...observations: Observation[]) =>
  insertObservations(store.db, { infrastructureId, observations, now: new Date() })

const requests = () => store.db.selectFrom('runRequests').select('dedupeKey').execute()
const toCompare = async () =>
  (await store.db.selectFrom('observations').select('uid').where('comparedAt', 'is', null).execute()).length
const allCompared = () => expect.poll(toCompare, { timeout: 15_000 }).toBe(0)

test.each([
  { table: 'workload_changes', on: 'insert' },
  { table: 'workload_changes', on: 'update' },
  { table: 'run_requests', on: 'insert' },
  { table: 'decisions', on: 'insert' },
  { table: 'observations', on: 'update' }
] as const)(
  'a server that dies at the $on of $table has decided nothing; the next try asks for one run',
  async (where) => {
    await breakWrites(store, { ...where, times: 2 })
    await post(seen('cart', 1, 'cart:v1'))
    await post(seen('cart', 2, 'cart:v2', 'progressing'))
    await post(seen('cart', 3, 'cart:v2'))
    startTrigger()
    startTrigger()
    await allCompared()
    expect(await requests()).toHaveLength(1)
    expect(await store.db.selectFrom('decisions').select('outcome').execute()).toEqual([{ outcome: 'triggered' }])
    expect(warnings.length).toBeGreaterThan(0)
  }
)

test('a server whose connections are cut in the middle of many decisions: one run each', {
  timeout: 40_000
}, async () => {
  const workloads = Array.from({ length: 40 }, (_, index) => `w${index}`)
  await post(...workloads.map((uid) => seen(uid, 1, 'cart:v1')))
  startTrigger()
  startTrigger()
  await allCompared()
  await post(...workloads.map((uid) => seen(uid, 2, 'cart:v2')))
  for (let cut = 0; cut < 5; cut++) {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and query like '%observations%'`.execute(store.db)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await expect.poll(async () => (await requests()).length, { timeout: 30_000 }).toBe(workloads.length)
  await allCompared()
  expect(await requests()).toHaveLength(workloads.length)
})

test('several servers share many workloads: one run for each change, and none waits for another', async () => {
  for (let server = 0; server < 3; server++) startTrigger()
  const workloads = Array.from({ length: 30 }, (_, index) => `w${index}`)
  const post3 = (number: number, image: string) =>
    Promise.all(
      workloads.map((uid) =>
        post(seen(uid, number, image, 'progressing')).then(() => post(seen(uid, number + 1, image)))
      )
    )
  await post3(1, 'cart:v1')
  await post3(3, 'cart:v2')
  await post3(5, 'cart:v3')
  await allCompared()
  expect(await requests()).toHaveLength(2 * workloads.length)
  expect(warnings).toEqual([])
})
