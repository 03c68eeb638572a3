import { type Kysely, sql } from 'kysely'
import { expect, test } from 'vitest'
import { testStore } from '../../../test/harness/database.ts'
import { seedProject, seedWorkflow } from '../../../test/harness/rows.ts'
import { up } from './0031-aspects.ts'

test('what was observed by images alone is told by aspect', async () => {
  const store = await testStore()
  const { infrastructureId } = await seedProject(store, 'shop')
  const definition = await seedWorkflow(store, { project: 'shop', name: 'cart-chaos', text: 'kind: Workflow' })
  const old = {
    uid: 'u1',
    number: 1,
    images: { cart: 'cart:v1' },
    labels: { app: 'cart' },
    annotations: {},
    at: 'then'
  }
  const cause = { kind: 'workload-change', images: [{ container: 'cart', before: null, after: 'cart:v1' }] }
  await sql`insert into observations (infrastructure_id, uid, number, body, received_at)
    values (${infrastructureId}, 'u1', 1, ${JSON.stringify(old)}, now())`.execute(store.db)
  await sql`insert into workload_changes (id, infrastructure_id, uid, number, kind, namespace, name, before, after, state, created_at)
    values ('c1', ${infrastructureId}, 'u1', 1, 'Deployment', 'shop', 'cart', ${JSON.stringify(old)}, ${JSON.stringify(old)}, 'decided', now())`.execute(
    store.db
  )
  await sql`insert into run_requests (id, project_id, definition_id, cause, parameters, dedupe_key, automatic, state, created_at)
    values ('r1', 'shop', ${definition}, ${JSON.stringify(cause)}, '{}', 'd', true, 'waiting', now())`.execute(store.db)
  const untyped = store.db as unknown as Kysely<unknown>
  await up(untyped)
  await up(untyped)
  const told = { uid: 'u1', number: 1, at: 'then', aspects: { image: old.images, labels: old.labels, annotations: {} } }
  const [observation] = await store.db.selectFrom('observations').select('body').execute()
  const [change] = await store.db.selectFrom('workloadChanges').select(['before', 'after']).execute()
  const [request] = await store.db.selectFrom('runRequests').select('cause').execute()
  expect([observation?.body, change?.before, change?.after]).toEqual([told, told, told])
  expect(request?.cause).toEqual({
    kind: 'workload-change',
    changes: [{ aspect: 'image', key: 'cart', before: null, after: 'cart:v1' }]
  })
  await store.close()
})
