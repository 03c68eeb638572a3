import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestStore, testStore } from '../../test/harness/database.ts'
import { seedProject, seedWorkflow } from '../../test/harness/rows.ts'
import type { Observation } from '../domain/index.ts'
import { silentLogger, systemClock } from '../platform/index.ts'
import { insertObservations } from '../store/api/insert.ts'
import { listChanges } from '../store/index.ts'
import { Trigger } from './trigger.ts'

const OPTED_IN = { 'litmuschaos.io/gitops': 'true', 'litmuschaos.io/workflow': 'cart-chaos' }

let store: TestStore
let project: string
let infrastructureId: string
let trigger: Trigger
let serial = 0

beforeAll(async () => {
  store = await testStore()
})
afterAll(() => store.close())

beforeEach(async () => {
  project = `p${++serial}`
  ;({ infrastructureId } = await seedProject(store, project))
  await seedWorkflow(store, { project, name: 'cart-chaos', text: 'kind: Workflow' })
  trigger = startTrigger()
})
afterEach(() => trigger.stop())

function startTrigger(): Trigger {
  const started = new Trigger({ store, clock: systemClock, log: silentLogger() })
  started.start()
  return started
}

interface Seen extends Partial<Observation> {
  annotations?: Record<string, string>
}

async function observe(number: number, image: string, { annotations = OPTED_IN, ...more }: Seen = {}): Promise<void> {
  const observation: Observation = {
    uid: 'u1',
    number,
    kind: 'Deployment',
    namespace: 'shop',
    name: 'cart',
    aspects: { image: { cart: image }, annotations },
    rollout: 'healthy',
    at: new Date().toISOString(),
    ...more
  }
  await insertObservations(store.db, { infrastructureId, observations: [observation], now: new Date() })
}

async function changes(count: number) {
  return expect
    .poll(
      async () =>
        (await listChanges(store.db, project, { limit: 10 })).filter((change) => change.state === 'decided').length,
      { timeout: 5000 }
    )
    .toBe(count)
    .then(() => listChanges(store.db, project, { limit: 10 }))
}

function requests() {
  return store.db.selectFrom('runRequests').selectAll().where('projectId', '=', project).execute()
}

describe('a release of an opted-in workload', () => {
  it('asks for one run, once its rollout is healthy, and says why', async () => {
    await observe(1, 'cart:v1')
    await observe(2, 'cart:v2', { rollout: 'progressing' })
    await observe(3, 'cart:v2', { rollout: 'healthy' })
    const [change] = await changes(1)
    expect(change?.decisions).toHaveLength(1)
    expect(change?.decisions[0]).toMatchObject({ outcome: 'triggered', workflow: 'cart-chaos', projectId: project })
    expect(change?.decisions[0]?.reason).toContain('changed from cart:v1 to cart:v2')
    const [request, ...others] = await requests()
    expect(others).toEqual([])
    expect(request).toMatchObject({ automatic: true, state: 'queued', infrastructureId })
    expect(request?.cause).toMatchObject({
      kind: 'workload-change',
      changes: [{ before: 'cart:v1', after: 'cart:v2' }]
    })
  })

  it('finds a workflow by a name that it had before, unless another has it now', async () => {
    await store.db
      .updateTable('definitions')
      .set({ name: 'cart-resilience', aliases: '["cart-chaos"]' })
      .where('projectId', '=', project)
      .execute()
    await observe(1, 'cart:v1')
    await observe(2, 'cart:v2')
    expect((await changes(1))[0]?.decisions[0]).toMatchObject({ outcome: 'triggered', workflow: 'cart-resilience' })
    const fresh = await seedWorkflow(store, { project, name: 'new', text: 'kind: Workflow' })
    await store.db.updateTable('definitions').set({ name: 'cart-chaos' }).where('id', '=', fresh).execute()
    await observe(3, 'cart:v3')
    expect((await changes(2))[0]?.decisions[0]).toMatchObject({ outcome: 'triggered', workflow: 'cart-chaos' })
  })

  it('asks for one run only, though observations come twice and servers share the work', async () => {
    const second = startTrigger()
    try {
      await observe(1, 'cart:v1')
      for (let again = 0; again < 3; again++) {
        await observe(2, 'cart:v2')
        await observe(3, 'cart:v2')
      }
      await changes(1)
      expect(await requests()).toHaveLength(1)
    } finally {
      await second.stop()
    }
  })

  it('is not missed when it happened while the server was down', async () => {
    await observe(1, 'cart:v1')
    await expect
      .poll(() =>
        store.db
          .selectFrom('observations')
          .select('uid')
          .where('comparedAt', 'is', null)
          .where('infrastructureId', '=', infrastructureId)
          .execute()
      )
      .toEqual([])
    await trigger.stop()
    await observe(2, 'cart:v2')
    trigger = startTrigger()
    await changes(1)
    expect(await requests()).toHaveLength(1)
  })

  it('asks for another run when the image goes back and forth', async () => {
    await observe(1, 'cart:v1')
    await observe(2, 'cart:v2')
    await observe(3, 'cart:v1')
    await observe(4, 'cart:v2')
    await changes(3)
    expect(await requests()).toHaveLength(3)
  })
})

describe('what triggers nothing is kept with its reason', () => {
  const cases: [string, Seen, RegExp][] = [
    ['a workload that has not opted in', { annotations: {} }, /has not opted in/],
    ['one that names no workflow', { annotations: { 'litmuschaos.io/gitops': 'true' } }, /names no workflow/],
    [
      'one that names a workflow that is not there',
      { annotations: { ...OPTED_IN, 'litmuschaos.io/workflow': 'gone' } },
      /has no workflow gone/
    ],
    ['a namespace of the deny list', { namespace: 'kube-system' }, /deny list/]
  ]
  it.each(cases)('%s', async (_what, more, reason) => {
    await observe(1, 'cart:v1', more)
    await observe(2, 'cart:v2', more)
    const [change] = await changes(1)
    expect(change?.decisions[0]).toMatchObject({ outcome: 'not-triggered', reason: expect.stringMatching(reason) })
    expect(await requests()).toEqual([])
  })

  it('a workflow whose deletion is withheld', async () => {
    const detail = { tip: null, before: null, paths: [`litmus/${project}/cart-chaos.yaml`] }
    await store.db
      .insertInto('withheld')
      .values({
        id: `w-${project}`,
        projectId: project,
        kind: 'deletions',
        detail: JSON.stringify(detail),
        state: 'waiting',
        acceptedBy: null,
        createdAt: new Date(),
        endedAt: null
      })
      .execute()
    await observe(1, 'cart:v1')
    await observe(2, 'cart:v2')
    const [change] = await changes(1)
    expect(change?.decisions[0]?.reason).toContain('suspended')
    expect(await requests()).toEqual([])
  })

  it('a rollout that fails, and one that is rolled back before it was healthy', async () => {
    await observe(1, 'cart:v1')
    await observe(2, 'cart:v2', { rollout: 'progressing' })
    await observe(3, 'cart:v2', { rollout: 'failed' })
    await changes(1)
    await observe(4, 'cart:v3', { rollout: 'progressing' })
    await observe(5, 'cart:v2', { rollout: 'progressing' })
    const [second, first] = await changes(2)
    expect(first?.decisions[0]?.reason).toMatch(/rollout failed/)
    expect(second?.decisions[0]?.reason).toMatch(/changed back/)
    expect(await requests()).toEqual([])
  })
})
