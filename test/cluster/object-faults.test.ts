import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { soon } from '../harness/soon.ts'
import { ClusterFaultBench } from './fault-bench.ts'
import { APPS, CORE, type Deployment, deployment, type Pod, podsOf, rolledOut, service } from './workloads.ts'

/** Evictions, Services without endpoints and other images: seen in the cluster, and gone when they are over. */
let namespace: TestNamespace
let bench: ClusterFaultBench

beforeAll(async () => {
  namespace = await testNamespace('objects')
  bench = await ClusterFaultBench.open(namespace)
})
afterAll(async () => {
  await bench.close()
  await namespace.close()
})

const BUDGETS = (rest = '') => namespace.in('/apis/policy/v1', `poddisruptionbudgets${rest}`)
const SLICES = '/apis/discovery.k8s.io/v1'
const LONG = { TOTAL_CHAOS_DURATION: '120' }

afterEach(() => bench.quiet())
beforeEach(async () => {
  for (const path of [namespace.in(APPS, 'deployments/web'), namespace.in(CORE, 'services/web'), BUDGETS('/web')])
    await namespace.admin.remove(path).catch(() => undefined)
  await soon(async () => expect(await podsOf(namespace, 'web')).toEqual([]))
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2))
  await rolledOut(namespace, 'web', 2)
})

async function budget(minAvailable: number): Promise<void> {
  const spec = { minAvailable, selector: { matchLabels: { app: 'web' } } }
  await namespace.admin.create(BUDGETS(), { metadata: { name: 'web' }, spec })
  await namespace.until('the budget has counted', async () => {
    const found = await namespace.admin.get<Deployment & { status?: { currentHealthy?: number } }>(BUDGETS('/web'))
    return found.status?.currentHealthy === 2
  })
}

const names = async () => (await podsOf(namespace, 'web')).map(({ metadata }) => metadata.name)

it('pod-evict: a pod goes, within what its budget allows, and another comes', async () => {
  await budget(1)
  const before = await names()
  const harm = bench.begin('pod-evict', { ...LONG, CHAOS_INTERVAL: '120' })
  expect(await harm.inForce()).toContain('is gone')
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
  await rolledOut(namespace, 'web', 2)
  expect((await names()).filter((name) => before.includes(name))).toHaveLength(1)
})

it('pod-evict: what the budget holds back stays, and the run says what holds it', { timeout: 90_000 }, async () => {
  await budget(2)
  const before = await names()
  const result = await bench.begin('pod-evict', LONG).result()
  expect(result).toMatchObject({ verdict: 'error', recovery: 'clean' })
  expect(result.evidence).toMatch(
    /the eviction of pod web-\S+ is held back: .*budget web needs 2 healthy pods and has 2/
  )
  expect(await names()).toEqual(before)
})

it('pod-evict: a budget that lets go while it is tried is no trouble', async () => {
  await budget(2)
  const harm = bench.begin('pod-evict', { ...LONG, CHAOS_INTERVAL: '120' })
  await soon(() => expect(harm.evidence('applied')).toHaveLength(1))
  await namespace.admin.patch(BUDGETS('/web'), { spec: { minAvailable: 1 } })
  expect(await harm.inForce()).toContain('is gone')
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
})

interface Slice {
  endpoints?: { conditions: { ready: boolean } }[]
}

async function endpoints(): Promise<number> {
  const path = namespace.in(SLICES, 'endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dweb')
  const slices = await namespace.admin.list<Slice>(path)
  return slices.flatMap((slice) => slice.endpoints ?? []).filter(({ conditions }) => conditions.ready).length
}

const selector = async () =>
  (await namespace.admin.get<Deployment & { spec: { selector: object } }>(namespace.in(CORE, 'services/web'))).spec
    .selector

async function serving(): Promise<void> {
  await namespace.admin.create(namespace.in(CORE, 'services'), service('web'))
  await soon(async () => expect(await endpoints()).toBe(2))
}

it('service-blackhole: the Service of the workload has no endpoints meanwhile, and has them again', async () => {
  await serving()
  const harm = bench.begin('service-blackhole', LONG)
  expect(await harm.inForce()).toBe('service/web has 0 endpoints')
  expect(await endpoints()).toBe(0)
  expect(await podsOf(namespace, 'web')).toHaveLength(2)
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
  expect(await endpoints()).toBeGreaterThan(0)
  expect(await selector()).toEqual({ app: 'web' })
  expect(await bench.undoRecords()).toEqual([])
})

it('service-blackhole: a selector that somebody changes meanwhile is left, and called drifted', async () => {
  await serving()
  const harm = bench.begin('service-blackhole', { ...LONG, SERVICE_NAMES: 'web' })
  await harm.inForce()
  await namespace.admin.patch(namespace.in(CORE, 'services/web'), { spec: { selector: { tier: 'front' } } })
  expect(await harm.over()).toMatchObject({ recovery: 'drifted' })
  expect(harm.evidence('drifted')).toEqual([expect.stringContaining('made it app=web,tier=front meanwhile')])
  expect(await selector()).toEqual({ app: 'web', tier: 'front' })
})

it.each([
  [{ SERVICE_NAMES: 'nowhere' }, 'there is no Service nowhere'],
  [{}, 'no Service of namespace']
])('service-blackhole: %o is refused', async (tunables, reason) => {
  const result = await bench.begin('service-blackhole', { ...LONG, ...tunables }).result()
  expect(result).toMatchObject({ verdict: 'error', evidence: expect.stringContaining(reason) })
})

const template = async () =>
  (
    await namespace.admin.get<Deployment & { spec: { template: { spec: { containers: { image: string }[] } } } }>(
      namespace.in(APPS, 'deployments/web')
    )
  ).spec.template.spec.containers.map(({ image }) => image)

it('image-swap: of the workload is a bad release, and the one before comes back', async () => {
  const harm = bench.begin('image-swap', { ...LONG, LEVEL: 'workload', IMAGE: 'image-pull-error:1' })
  expect(await harm.inForce()).toContain('have the other image, 0 of them are ready')
  expect(await template()).toEqual(['image-pull-error:1'])
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
  expect(await template()).toEqual(['web:1'])
  await rolledOut(namespace, 'web', 2)
})

it('image-swap: a release in the middle of it is left alone', async () => {
  const harm = bench.begin('image-swap', { ...LONG, LEVEL: 'workload', IMAGE: 'image-pull-error:1' })
  await harm.inForce()
  const containers = [{ name: 'web', image: 'web:2' }]
  const change = { spec: { template: { spec: { containers } } } }
  await namespace.admin.patch(namespace.in(APPS, 'deployments/web'), change, 'application/strategic-merge-patch+json')
  expect(await harm.over()).toMatchObject({ recovery: 'drifted' })
  expect(await template()).toEqual(['web:2'])
})

/** What a node would tell of the container of a pod: simulated ones start nothing. */
async function playNode(pod: Pod | undefined, ready: boolean): Promise<void> {
  const status = ready ? 'True' : 'False'
  const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status }))
  const path = namespace.in(CORE, `pods/${pod?.metadata.name}/status`)
  await namespace.admin.patch(path, { status: { conditions } }, 'application/strategic-merge-patch+json')
}

it('image-swap: of a pod is held to that pod, and proved by what its node says', async () => {
  const harm = bench.begin('image-swap', LONG)
  const swapped = await soon(async () => {
    const pods = await podsOf(namespace, 'web')
    const found = pods.filter(({ spec }) => spec.containers[0]?.image === 'faultline.invalid/image-swap:none')
    expect(found).toHaveLength(1)
    return found[0]
  })
  expect(harm.evidence('effect-proved')).toEqual([])
  await playNode(swapped, false)
  expect(await harm.inForce()).toContain('is not ready')
  const over = harm.over()
  await soon(async () =>
    expect((await podsOf(namespace, 'web')).map(({ spec }) => spec.containers[0]?.image)).toEqual(['web:1', 'web:1'])
  )
  await playNode(swapped, true)
  expect(await over).toMatchObject({ recovery: 'clean' })
  expect(await template()).toEqual(['web:1'])
})

it('image-swap: a container that is not there is said', async () => {
  const result = await bench.begin('image-swap', { ...LONG, TARGET_CONTAINER: 'nobody' }).result()
  expect(result.evidence).toContain('has no container nobody')
  expect(result.recovery).toBe('clean')
})
