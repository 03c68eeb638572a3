import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { soon } from '../harness/soon.ts'
import { AGENT_RULES } from './cluster-agent.ts'
import { ClusterFaultBench } from './fault-bench.ts'
import { OwnNodes } from './own-nodes.ts'
import { APPS, podsOf } from './workloads.ts'

/** What faults do to whole nodes is seen on them, and is gone when they are over. */
let namespace: TestNamespace
let bench: ClusterFaultBench
let nodes: OwnNodes

beforeAll(async () => {
  namespace = await testNamespace('nodes')
  bench = await ClusterFaultBench.open(namespace, { scope: 'cluster', nodeFaults: true })
})
afterAll(async () => {
  await bench.close()
  await namespace.close()
})
beforeEach(() => {
  nodes = new OwnNodes(namespace)
})
afterEach(async () => {
  await bench.quiet()
  await namespace.admin.remove(namespace.in(APPS, 'deployments/web')).catch(() => undefined)
  await soon(async () => expect(await podsOf(namespace, 'web')).toEqual([]))
  await nodes.close()
})

const LONG = { TOTAL_CHAOS_DURATION: '120' }
const NOBODY = { namespace: '', labels: {} }

async function podsOn(node: string): Promise<number> {
  const pods = await podsOf(namespace, 'web')
  return pods.filter(({ spec }) => spec.nodeName === node).length
}

it('node-cordon: a named node takes no pods meanwhile, and takes them again', async () => {
  const node = await nodes.add()
  const harm = bench.begin('node-cordon', { ...LONG, TARGET_NODE: node }, NOBODY)
  await harm.inForce()
  const cordoned = await nodes.get(node)
  expect(cordoned.spec.unschedulable).toBe(true)
  expect(cordoned.metadata).toMatchObject({ annotations: { 'faultline.dev/injection': expect.any(String) } })
  expect(JSON.stringify(cordoned.metadata)).toContain('"manager":"faultline"')
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
  const after = await nodes.get(node)
  expect(after.spec.unschedulable).toBeUndefined()
  expect(JSON.stringify(after.metadata.annotations ?? {})).not.toContain('faultline.dev')
  expect(await bench.undoRecords()).toEqual([])
})

it('node-taint: the node of the workload is found, gets the taint beside its own, and loses it alone', async () => {
  const one = await nodes.add()
  await nodes.run(1)
  const harm = bench.begin('node-taint', { ...LONG, TAINTS: 'chaos=yes:NoSchedule' })
  await harm.inForce()
  expect(await nodes.taints(one)).toEqual(['chaos=yes:NoSchedule'])
  await namespace.admin.patch(`/api/v1/nodes/${one}`, { metadata: { labels: { changed: 'meanwhile' } } })
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
  expect(harm.evidence('recovering')).toEqual([expect.stringContaining('1 pods of the workload are on node')])
  expect(await nodes.taints(one)).toEqual([])
  const { spec, metadata } = await nodes.get(one)
  expect(spec.taints?.some(({ key }) => key === 'own')).toBe(true)
  expect(metadata).toMatchObject({ labels: { changed: 'meanwhile' } })
})

it('node-taint: NoExecute drives the pods to another node', async () => {
  const first = await nodes.add()
  await nodes.run(2)
  const second = await nodes.add()
  const harm = bench.begin('node-taint', { ...LONG, TAINTS: 'chaos:NoExecute', TARGET_NODE: first })
  await harm.inForce()
  await soon(async () => expect([await podsOn(first), await podsOn(second)]).toEqual([0, 2]))
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
})

it('node-taint: a taint whose value somebody changes meanwhile is left', async () => {
  const node = await nodes.add()
  const harm = bench.begin('node-taint', { ...LONG, TAINTS: 'chaos=yes:NoSchedule', TARGET_NODE: node }, NOBODY)
  await harm.inForce()
  const taints = ((await nodes.get(node)).spec.taints ?? []).map((one) =>
    one.key === 'chaos' ? { ...one, value: 'mine' } : one
  )
  await namespace.admin.patch(`/api/v1/nodes/${node}`, { spec: { taints } })
  expect(await harm.over()).toMatchObject({ recovery: 'drifted' })
  expect(await nodes.taints(node)).toEqual(['chaos=mine:NoSchedule'])
  expect(await bench.undoRecords()).toEqual([])
})

it('node-drain: the pods leave the node and come up elsewhere, and the node is given back', async () => {
  const first = await nodes.add()
  await nodes.run(4)
  const second = await nodes.add()
  const harm = bench.begin('node-drain', { ...LONG, TARGET_NODE: first })
  expect(await harm.inForce()).toContain(`0 pods are still to leave node ${first}`)
  await soon(async () => expect([await podsOn(first), await podsOn(second)]).toEqual([0, 4]))
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
  expect((await nodes.get(first)).spec.unschedulable).toBeUndefined()
})

it('node-drain: a budget that lets nothing go is respected, and said; the node is given back', async () => {
  const first = await nodes.add()
  await nodes.run(1)
  await namespace.admin.create(namespace.in('/apis/policy/v1', 'poddisruptionbudgets'), {
    metadata: { name: 'web' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } }
  })
  await namespace.until('the budget is counted', async () => {
    const { status } = await namespace.admin.get<
      { status?: { currentHealthy?: number } } & { apiVersion: string; kind: string; metadata: { name: string } }
    >(namespace.in('/apis/policy/v1', 'poddisruptionbudgets/web'))
    return status?.currentHealthy === 1
  })
  const result = await bench.begin('node-drain', { TOTAL_CHAOS_DURATION: '2', TARGET_NODE: first }).result()
  expect(result).toMatchObject({ verdict: 'error', recovery: 'clean' })
  expect(result.evidence).toMatch(
    /1 pods are still to leave node .*held back: .*budget web needs 1 healthy pods and has 1/
  )
  expect(await podsOn(first)).toBe(1)
  expect((await nodes.get(first)).spec.unschedulable).toBeUndefined()
  await namespace.admin.remove(namespace.in('/apis/policy/v1', 'poddisruptionbudgets/web'))
})

it.each([
  ['a node of the control plane', { 'node-role.kubernetes.io/control-plane': '' }, {}, 'runs the cluster itself'],
  ['a node without the label', {}, { NODE_LABEL: 'zone=a' }, 'has no label zone=a'],
  ['a node that is not there', {}, { TARGET_NODE: 'nowhere' }, 'there is no node nowhere']
])('%s is refused', async (_what, labels, more, reason) => {
  const node = await nodes.add(labels as Record<string, string>)
  const result = await bench.begin('node-cordon', { ...LONG, TARGET_NODE: node, ...more }, NOBODY).result()
  expect(result.evidence).toContain(reason)
  expect((await nodes.get(node)).spec.unschedulable).toBeUndefined()
})

it('a node that somebody has cordoned is left to him', async () => {
  const node = await nodes.add()
  await namespace.admin.patch(`/api/v1/nodes/${node}`, { spec: { unschedulable: true } })
  const result = await bench.begin('node-cordon', { ...LONG, TARGET_NODE: node }, NOBODY).result()
  expect(result.evidence).toContain('cordoned already')
  expect((await nodes.get(node)).spec.unschedulable).toBe(true)
})

it('an agent whose infrastructure does not allow it harms no node', async () => {
  const node = await nodes.add()
  const careful = await ClusterFaultBench.open(namespace, { scope: 'cluster' })
  const result = await careful.begin('node-cordon', { ...LONG, TARGET_NODE: node }, NOBODY).result()
  await careful.close()
  expect(result.evidence).toContain('harms whole nodes, which this infrastructure does not allow')
  expect((await nodes.get(node)).spec.unschedulable).toBeUndefined()
})

it('an account that may only look is told which right it lacks, and leaves no record', async () => {
  const node = await nodes.add()
  const rules = AGENT_RULES.map((rule) =>
    rule.resources.includes('nodes') ? { ...rule, verbs: ['list', 'get'] } : rule
  )
  const looking = await ClusterFaultBench.open(namespace, { scope: 'cluster', nodeFaults: true, rules })
  const result = await looking.begin('node-cordon', { ...LONG, TARGET_NODE: node }, NOBODY).result()
  await looking.close()
  expect(result.evidence).toContain('lacks the right to patch nodes in the whole cluster')
  expect(result.recovery).toBe('clean')
  expect(await bench.undoRecords()).toEqual([])
})
