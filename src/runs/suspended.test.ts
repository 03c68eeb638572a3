import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../test/harness/database.ts'
import { seedProject, seedWorkflow } from '../../test/harness/rows.ts'
import { shopWorkflow } from '../demo/shop/workflow.ts'
import type { Cause } from '../domain/index.ts'
import { faultSchemas } from '../faults/index.ts'
import { silentLogger, systemClock } from '../platform/index.ts'
import { probeSchemas } from '../probes/index.ts'
import { requestRun } from '../store/runs/request.ts'
import { Runs } from './index.ts'

let store: TestStore
let infrastructureId: string
let definitionId: string
let runs: Runs

beforeEach(async () => {
  store = await testStore()
  ;({ infrastructureId } = await seedProject(store, 'shop'))
  definitionId = await seedWorkflow(store, { project: 'shop', name: 'cart-chaos', text: shopWorkflow('cart-chaos') })
  const catalogue = { faults: faultSchemas, probes: probeSchemas }
  runs = new Runs({ store, catalogue, clock: systemClock, log: silentLogger() })
  runs.start()
})
afterEach(async () => {
  await runs.stop()
  await store.close()
})

const CHANGE: Cause = {
  kind: 'workload-change',
  change: 'c1',
  infrastructure: 'i1',
  workload: { kind: 'Deployment', namespace: 'shop', name: 'cart', uid: 'u1' },
  changes: [{ aspect: 'image', key: 'cart', before: 'cart:v1', after: 'cart:v2' }]
}

async function admitted(cause: Cause): Promise<void> {
  const automatic = cause.kind === 'workload-change'
  const wish = { projectId: 'shop', definitionId, parameters: {}, infrastructureId: null, cause, automatic }
  await requestRun(store.db, { ...wish, dedupeKey: cause.kind, now: new Date() })
  const all = () => store.db.selectFrom('runs').select('phase').execute()
  await expect.poll(async () => (await all()).length, { timeout: 10_000 }).toBe(1)
}

async function requestDeletion(): Promise<void> {
  const path = 'litmus/shop/cart-chaos.yaml'
  const edit = { projectId: 'shop', path, name: 'cart-chaos', action: 'delete', state: 'open' } as const
  const more = { id: 'e1', text: null, baseBlob: null, message: '', author: 'Ada', authorEmail: 'a@x', tries: '[]' }
  await store.db
    .insertInto('editRequests')
    .values({ ...edit, ...more, reason: null, commit: null, createdAt: new Date(), endedAt: null })
    .execute()
}

const tasks = () => runs.tasks(infrastructureId, [], { ms: 0, signal: new AbortController().signal })

test('a run that no agent has taken yet is skipped once its workflow is suspended', async () => {
  await admitted(CHANGE)
  await requestDeletion()
  expect(await tasks()).toEqual([])
  expect(await store.db.selectFrom('runs').select(['phase', 'reason']).executeTakeFirst()).toEqual({
    phase: 'skipped',
    reason: 'Automatic runs are suspended: Its deletion was requested by Ada.'
  })
})

test('a person’s own run is not, and what an agent has in hand goes on', async () => {
  await admitted({ kind: 'manual', user: 'ada' })
  await requestDeletion()
  expect(await tasks()).toMatchObject([{ kind: 'run' }])
})

test('an automatic run in hand goes on', async () => {
  await admitted(CHANGE)
  expect(await tasks()).toMatchObject([{ kind: 'run', lease: 1 }])
  await requestDeletion()
  expect((await store.db.selectFrom('runs').select('phase').executeTakeFirst())?.phase).not.toBe('skipped')
})
