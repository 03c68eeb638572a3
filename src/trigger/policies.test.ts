import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../test/harness/database.ts'
import { seedProject, seedWorkflow } from '../../test/harness/rows.ts'
import type { Aspects, Observation } from '../domain/index.ts'
import { silentLogger, systemClock } from '../platform/index.ts'
import { insertObservations } from '../store/api/insert.ts'
import { listChanges } from '../store/index.ts'
import { Trigger } from './index.ts'

let store: TestStore
let trigger: Trigger
let project: string
let infrastructureId: string
let serial = 0

beforeAll(async () => {
  store = await testStore()
})
afterAll(() => store.close())

beforeEach(async () => {
  project = `q${++serial}`
  ;({ infrastructureId } = await seedProject(store, project))
  await seedWorkflow(store, { project, name: 'cart-chaos', text: 'kind: Workflow' })
  trigger = new Trigger({ store, clock: systemClock, log: silentLogger() })
  trigger.start()
})
afterEach(() => trigger.stop())

/** `spec` is YAML in flow style, without its braces */
async function policy(name: string, spec: string): Promise<void> {
  const text = `apiVersion: faultline.dev/v1\nkind: EventPolicy\nmetadata: {name: ${name}}\nspec: {${spec}}\n`
  await seedWorkflow(store, { project, name, text, kind: 'EventPolicy' })
}

const RUN = 'run: [{workflow: cart-chaos}]'

async function observe(number: number, aspects: Aspects, more: Partial<Observation> = {}): Promise<void> {
  const at = new Date().toISOString()
  const head = {
    uid: 'u1',
    number,
    kind: 'Deployment',
    namespace: 'shop',
    name: 'cart',
    rollout: 'healthy',
    at
  } as const
  const observations = [{ ...head, aspects, ...more }]
  await insertObservations(store.db, { infrastructureId, observations, now: new Date() })
}

const image = (tag: string): Aspects => ({ image: { cart: `cart:${tag}` } })

/** policy, outcome and reason of all decisions, the oldest change first, and by the policy's name */
async function decisions(count: number): Promise<string[]> {
  const all = async () =>
    (await listChanges(store.db, project, { limit: 50 }))
      .reverse()
      .flatMap((change) =>
        change.decisions.map(({ outcome, policy, reason }) => `${policy} ${outcome}: ${reason}`).sort()
      )
  await expect.poll(async () => (await all()).length).toBe(count)
  return all()
}

const requests = () =>
  store.db.selectFrom('runRequests').select(['parameters', 'cause']).where('projectId', '=', project).execute()

test('a policy selects a workload that has not opted in, and says why it starts a run', async () => {
  await policy('releases', `workloads: {names: [cart]}, ${RUN}`)
  await observe(1, image('v1'))
  await observe(2, image('v2'))
  expect(await decisions(1)).toEqual([
    'releases triggered: The image of deployment/cart changed from cart:v1 to cart:v2.'
  ])
  expect((await requests())[0]?.cause).toMatchObject({ kind: 'workload-change', policy: 'releases' })
})

test('a policy replaces the default: an opted-in workload does what the policy says, and only that', async () => {
  await policy('scaling', `workloads: {}, when: {replicas: {to: {gt: 3}}}, ${RUN}`)
  const annotations = { 'litmuschaos.io/gitops': 'true', 'litmuschaos.io/workflow': 'cart-chaos' }
  await observe(1, { ...image('v1'), annotations, replicas: { replicas: '2' } })
  await observe(2, { ...image('v2'), annotations, replicas: { replicas: '2' } })
  await observe(3, { ...image('v2'), annotations, replicas: { replicas: '5' } })
  expect(await decisions(2)).toEqual([
    'scaling not-triggered: Nothing changed in replicas.',
    'scaling triggered: The number of replicas of deployment/cart changed from 2 to 5.'
  ])
})

test('what no policy asks for is no change at all', async () => {
  await policy('scaling', `workloads: {}, when: {replicas: changed}, ${RUN}`)
  await observe(1, { ...image('v1'), labels: { tier: 'web' } })
  await observe(2, { ...image('v1'), labels: { tier: 'api' } })
  await observe(3, { ...image('v1'), labels: { tier: 'api' }, replicas: { replicas: '2' } })
  expect(await decisions(1)).toHaveLength(1)
})

test('parameters come from the change, as data', async () => {
  const odd = 'cart:v2"\n  - evil: true'
  await policy(
    'releases',
    'workloads: {}, run: [{workflow: cart-chaos, parameters: {image: "{{change.image.cart.after}}", was: "{{ change.before }}", kind: "{{change.kind}}", no: "{{change.no}}"}}]'
  )
  await observe(1, image('v1'))
  await observe(2, { image: { cart: odd } })
  await decisions(1)
  expect((await requests())[0]?.parameters).toEqual({
    image: odd,
    was: 'cart:v1',
    kind: 'deployment',
    no: '{{change.no}}'
  })
})

test('two policies that ask for the same workflow because of one change start it once', async () => {
  await policy('a-first', `workloads: {}, ${RUN}`)
  await policy('b-second', `workloads: {}, ${RUN}`)
  await observe(1, image('v1'))
  await observe(2, image('v2'))
  const [first, second] = await decisions(2)
  expect(first).toMatch(/^a-first triggered/)
  expect(second).toBe('b-second not-triggered: This change has asked for a run of cart-chaos already.')
  expect(await requests()).toHaveLength(1)
})

test('a debounce waits until nothing changes any more, and judges the net change', async () => {
  await policy('calm', `workloads: {}, debounce: 1s, ${RUN}`)
  await observe(1, image('v1'))
  await observe(2, image('v2'))
  await observe(3, image('v3'))
  const [first, second] = await decisions(2)
  expect(first).toBe('calm not-triggered: The workload changed again before this was decided; the newer change counts.')
  expect(second).toBe('calm triggered: The image of deployment/cart changed from cart:v1 to cart:v3.')
})

test('a cooldown, a limit and a window each hold back, and say so', async () => {
  await policy('cool', `workloads: {}, cooldown: 1h, ${RUN}`)
  await policy('limited', `workloads: {}, limit: {runs: 1, per: 1h}, run: [{workflow: other}]`)
  await seedWorkflow(store, { project, name: 'other', text: 'kind: Workflow' })
  const day = new Date().getUTCDay()
  const tomorrow = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][(day + 2) % 7]
  await policy('shut', `workloads: {}, windows: [{days: [${tomorrow}], from: "10:00", to: "11:00"}], ${RUN}`)
  await observe(1, image('v1'))
  await observe(2, image('v2'))
  await observe(3, image('v3'))
  const all = await decisions(6)
  expect(all[0]).toMatch(/^cool triggered/)
  expect(all[1]).toMatch(/^limited triggered/)
  expect(all[2]).toBe('shut not-triggered: It is outside the windows of the policy.')
  expect(all[3]).toMatch(/^cool not-triggered: The policy cools down for this workload until/)
  expect(all[4]).toBe('limited not-triggered: The limit of the policy is used up: 1 in 3600 s.')
})

test('a rollout that does not get healthy in time is skipped, run, or told as failed, as the policy says', async () => {
  for (const way of ['skip', 'run', 'fail'])
    await policy(way, `workloads: {}, rollout: {timeout: 1s, otherwise: ${way}}, ${RUN}`)
  await policy('at-once', `workloads: {}, rollout: {wait: false}, run: [{workflow: other}]`)
  await seedWorkflow(store, { project, name: 'other', text: 'kind: Workflow' })
  await observe(1, image('v1'))
  await observe(2, image('v2'), { rollout: 'progressing' })
  expect(await decisions(1)).toEqual([expect.stringMatching(/^at-once triggered/)])
  expect((await decisions(4)).map((one) => one.split(':')[0])).toEqual([
    'at-once triggered',
    'fail failed',
    'run triggered',
    'skip not-triggered'
  ])
})

test('a failed rollout is an event of its own', async () => {
  await policy('failures', `workloads: {}, events: [rollout-failed], ${RUN}`)
  await observe(1, image('v1'))
  await observe(2, image('v2'), { rollout: 'progressing' })
  await observe(3, image('v2'), { rollout: 'failed' })
  expect(await decisions(1)).toEqual(['failures triggered: The rollout failed.'])
})

test('a policy whose deletion is withheld starts nothing', async () => {
  await policy('leaving', `workloads: {}, ${RUN}`)
  await store.db
    .updateTable('definitions')
    .set({ suspended: 'Somebody asked.' })
    .where('name', '=', 'leaving')
    .execute()
  await observe(1, image('v1'))
  await observe(2, image('v2'))
  expect(await decisions(1)).toEqual(['leaving not-triggered: The policy is suspended: Somebody asked.'])
})

const replicas = (count: number): Aspects => ({ replicas: { replicas: String(count) } })

test('what a run of ours changed starts nothing, neither when it is made nor when it is undone, and says which run', async () => {
  const events = 'events: [changed, rolled-back]'
  await policy('size', `workloads: {}, ${events}, when: {replicas: changed}, ${RUN}`)
  const made = { writers: { 'replicas/replicas': 'run' }, run: 'r1', rollout: 'progressing' } as const
  await observe(1, replicas(2))
  await observe(2, replicas(5), made)
  await observe(3, replicas(2), made)
  expect(await decisions(2)).toEqual([
    'size not-triggered: The run r1 made this change.',
    'size not-triggered: The run r1 made this change.'
  ])
  expect(await requests()).toEqual([])
})

test('a release while a run holds the workload starts what it would start', async () => {
  await policy('releases', `workloads: {}, when: {any: [{image: changed}, {replicas: changed}]}, ${RUN}`)
  await observe(1, { ...replicas(2), ...image('v1') })
  await observe(2, { ...replicas(5), ...image('v2') }, { writers: { 'replicas/replicas': 'run' }, run: 'r1' })
  expect(await decisions(1)).toEqual([
    'releases triggered: The image of deployment/cart changed from cart:v1 to cart:v2.'
  ])
})

test('replicas that an autoscaler set are no change, but for a policy that asks for them', async () => {
  await policy('people', `workloads: {}, when: {replicas: changed}, ${RUN}`)
  const scaled = { writers: { 'replicas/replicas': 'autoscaler' } } as const
  await observe(1, replicas(2))
  await observe(2, replicas(5), scaled)
  await observe(3, replicas(6))
  expect(await decisions(1)).toEqual([
    'people triggered: The number of replicas of deployment/cart changed from 5 to 6.'
  ])
  await policy('all', `workloads: {}, when: {replicas: {autoscaler: true}}, ${RUN}`)
  await observe(4, replicas(9), scaled)
  expect((await decisions(3)).slice(1)).toEqual([
    'all triggered: The number of replicas of deployment/cart changed from 6 to 9.',
    'people not-triggered: The number of replicas of deployment/cart changed from 6 to 9, but an autoscaler made this change.'
  ])
})
