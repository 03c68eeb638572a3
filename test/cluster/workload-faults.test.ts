import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { at } from '../../src/domain/index.ts'
import type { KubeObject } from '../../tools/testbed/kube-api.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { soon } from '../harness/soon.ts'
import { AGENT_RULES } from './cluster-agent.ts'
import { ClusterFaultBench } from './fault-bench.ts'
import { APPS, type Deployment, daemonSet, deployment, podsOf, rolledOut, statefulSet } from './workloads.ts'

/** What faults do to a workload as a whole is seen in the cluster, and is gone when they are over. */
let namespace: TestNamespace
let bench: ClusterFaultBench

beforeAll(async () => {
  namespace = await testNamespace('harmed')
  bench = await ClusterFaultBench.open(namespace)
})
afterAll(async () => {
  await bench.close()
  await namespace.close()
})

afterEach(() => bench.quiet())
beforeEach(async () => {
  await namespace.admin.remove(namespace.in(APPS, 'deployments/web')).catch(() => undefined)
  await soon(async () => expect(await podsOf(namespace, 'web')).toEqual([]))
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2))
  await rolledOut(namespace, 'web', 2)
})

const web = () =>
  namespace.admin.get<Deployment & { spec: { replicas: number } }>(namespace.in(APPS, 'deployments/web'))
const whole = (object: string, field: string, pods: number) =>
  namespace.until(`${object} is whole`, async () => {
    const { status } = await namespace.admin.get<KubeObject & { status?: object }>(namespace.in(APPS, object))
    return at(status, field) === pods
  })
const LONG = { TOTAL_CHAOS_DURATION: '120' }

it('pod-autoscaler: so many pods are there meanwhile, and as many as before afterwards', async () => {
  const harm = bench.begin('pod-autoscaler', { ...LONG, REPLICA_COUNT: '4' })
  expect(await harm.inForce()).toContain('deployment/web has 4 pods')
  await rolledOut(namespace, 'web', 4)
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
  expect(harm.evidence('recovering')).toEqual([expect.stringContaining('4 pods, 4 ready')])
  await rolledOut(namespace, 'web', 2)
  expect(await bench.undoRecords()).toEqual([])
})

it('pod-autoscaler: a StatefulSet is scaled as well', async () => {
  await namespace.admin.create(namespace.in(APPS, 'statefulsets'), statefulSet('data', 'data:1', 1))
  await whole('statefulsets/data', 'readyReplicas', 1)
  const harm = bench.begin(
    'pod-autoscaler',
    { ...LONG, REPLICA_COUNT: '2' },
    { kind: 'statefulset', labels: { app: 'data' } }
  )
  await harm.inForce()
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
})

it('pod-autoscaler: a count that somebody asks for meanwhile is left, and the recovery is called drifted', async () => {
  const harm = bench.begin('pod-autoscaler', { ...LONG, REPLICA_COUNT: '4' })
  await harm.inForce()
  await namespace.admin.patch(namespace.in(APPS, 'deployments/web'), { spec: { replicas: 3 } })
  expect(await harm.over()).toMatchObject({ recovery: 'drifted' })
  expect(harm.evidence('drifted')).toEqual([expect.stringContaining('changed it from 4 to 3')])
  expect((await web()).spec.replicas).toBe(3)
  expect(await bench.undoRecords()).toEqual([])
})

it('pod-autoscaler: more pods than the guardrail allows are not asked for', async () => {
  const result = await bench.begin('pod-autoscaler', { ...LONG, REPLICA_COUNT: '13' }).result()
  expect(result.evidence).toContain('11 pods would be hit, the guardrail allows 10')
  expect((await web()).spec.replicas).toBe(2)
})

it('rollout-restart: all pods are new, and the rollout is over', async () => {
  const before = (await podsOf(namespace, 'web')).map(({ metadata }) => metadata.name)
  const harm = bench.begin('rollout-restart', LONG)
  expect(await harm.inForce()).toContain('are new')
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
  expect(harm.evidence('recovered')).toEqual([expect.stringContaining('healthy')])
  await soon(async () => {
    const after = (await podsOf(namespace, 'web')).map(({ metadata }) => metadata.name)
    expect(after).toHaveLength(2)
    expect(after.filter((name) => before.includes(name))).toEqual([])
  })
})

it('a DaemonSet has no count of pods: that is said before anything is done', async () => {
  await namespace.admin.create(namespace.in(APPS, 'daemonsets'), daemonSet('logs', 'logs:1'))
  await whole('daemonsets/logs', 'numberReady', 3)
  const result = await bench.begin('pod-autoscaler', LONG, { kind: 'daemonset', labels: { app: 'logs' } }).result()
  expect(result).toMatchObject({ verdict: 'error', recovery: 'clean' })
  expect(result.evidence).toContain('no Deployment or StatefulSet')
})

it('a right that the account lacks is told before any harm; those for other kinds of workloads are not asked for', async () => {
  const few = AGENT_RULES.filter(({ resources }) => !resources.includes('statefulsets/scale')).map((rule) =>
    rule.resources.includes('pods') ? { ...rule, verbs: rule.verbs.filter((verb) => verb !== 'delete') } : rule
  )
  const weak = await ClusterFaultBench.open(namespace, { rules: few })
  const refused = weak.begin('pod-delete', { TOTAL_CHAOS_DURATION: '2' })
  const lacks = `the agent's account lacks the right to delete pods in namespace ${namespace.name}: add it to its role`
  expect((await refused.result()).evidence).toContain(lacks)
  expect(refused.facts.filter(({ type }) => type === 'injection')).toEqual([])
  const scaled = weak.begin('pod-autoscaler', { ...LONG, REPLICA_COUNT: '3' })
  await scaled.inForce()
  expect(await scaled.over()).toMatchObject({ recovery: 'clean' })
  await weak.close()
})
