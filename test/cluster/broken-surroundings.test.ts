import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { soon } from '../harness/soon.ts'
import { AGENT_RULES } from './cluster-agent.ts'
import { ClusterFaultBench } from './fault-bench.ts'
import { RoughProxy } from './rough-proxy.ts'
import { APPS, type Deployment, deployment, rolledOut } from './workloads.ts'

/** What becomes of a fault when its surroundings break in the middle of it. */
let own: TestNamespace
let shop: TestNamespace

beforeEach(async () => {
  own = await testNamespace('own')
  shop = await testNamespace('shop')
  await shop.admin.create(shop.in(APPS, 'deployments'), deployment('web', 'web:1', 2))
  await rolledOut(shop, 'web', 2)
})
afterEach(async () => {
  await shop.close().catch(() => undefined)
  await own.close()
})

const SCALE = { TOTAL_CHAOS_DURATION: '120', REPLICA_COUNT: '4' }
const replicas = async () =>
  (await shop.admin.get<Deployment & { spec: { replicas: number } }>(shop.in(APPS, 'deployments/web'))).spec.replicas

it('a namespace that is deleted in the middle: nothing is left to undo, and that is said', async () => {
  const bench = await ClusterFaultBench.open(own, { scope: 'cluster' })
  const harm = bench.begin('pod-autoscaler', SCALE, { namespace: shop.name })
  await harm.inForce()
  await shop.admin.remove(`/api/v1/namespaces/${shop.name}`)
  await own.until(
    'the workload is gone',
    async () => (await shop.admin.list(shop.in(APPS, 'deployments'))).length === 0
  )
  expect(await harm.over()).toMatchObject({ recovery: 'drifted' })
  expect(harm.evidence('drifted')).toEqual(['deployment/web is gone'])
  expect(await bench.undoRecords()).toEqual([])
  await bench.close()
})

it('an API server that is away when the fault is to end: it is tried until it is back', async () => {
  const proxy = await RoughProxy.open(own.admin)
  const bench = await ClusterFaultBench.open(own, { access: proxy.access })
  const harm = bench.begin('pod-autoscaler', SCALE, { namespace: shop.name })
  await harm.inForce()
  proxy.away = true
  const over = harm.over()
  await soon(() => expect(proxy.refused).toBeGreaterThan(2))
  expect(await replicas()).toBe(4)
  proxy.away = false
  expect(await over).toMatchObject({ recovery: 'clean' })
  expect(await replicas()).toBe(2)
  expect(await bench.undoRecords()).toEqual([])
  await bench.close()
  await proxy.close()
})

it('an API server that is away before the harm: nothing is harmed', async () => {
  const proxy = await RoughProxy.open(own.admin)
  const bench = await ClusterFaultBench.open(own, { access: proxy.access })
  proxy.away = true
  const result = await bench.begin('pod-autoscaler', SCALE, { namespace: shop.name }).result()
  expect(result).toMatchObject({
    verdict: 'error',
    recovery: 'clean',
    evidence: expect.stringContaining('cannot be reached')
  })
  expect(await replicas()).toBe(2)
  await bench.close()
  await proxy.close()
})

it.each([
  ['pod-autoscaler', 'deployments/scale', 'patch', SCALE],
  ['rollout-restart', 'deployments', 'patch', {}],
  ['pod-evict', 'pods/eviction', 'create', {}],
  ['image-swap', 'pods', 'patch', {}],
  ['service-blackhole', 'services', 'list', {}],
  ['pod-delete', 'pods', 'delete', {}]
])('%s without the right to %s: the right is named, and nothing is left', async (fault, resource, verb, tunables) => {
  const rules = AGENT_RULES.map((rule) =>
    rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) } : rule
  ).filter(({ verbs }) => verbs.length > 0)
  const bench = await ClusterFaultBench.open(own, { scope: 'cluster', rules })
  const result = await bench.begin(fault, tunables, { namespace: shop.name }).result()
  expect(result).toMatchObject({ verdict: 'error', recovery: 'clean' })
  expect(result.evidence).toContain(`lacks the right to ${verb} ${resource}`)
  expect(await bench.undoRecords()).toEqual([])
  await bench.close()
})
