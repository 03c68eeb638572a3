import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { AGENT_LEASE } from '../../src/domain/index.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { soon } from '../harness/soon.ts'
import { chaosWorkflow } from './chaos-workflow.ts'
import { AGENT_RULES, ClusterStage, PROJECT } from './cluster-agent.ts'
import { OwnNodes } from './own-nodes.ts'
import { APPS, CORE, type Deployment, podsOf, rolledOut, service } from './workloads.ts'

/** An agent that is killed with -9 in the middle of a fault: what it did is undone by its successor, and nothing else is. */
let namespace: TestNamespace
let stage: ClusterStage
let nodes: OwnNodes
let node: string
let runs = 0

beforeAll(async () => {
  namespace = await testNamespace('killed')
  stage = await ClusterStage.make(namespace, AGENT_RULES, { nodeFaults: true })
})
afterAll(async () => {
  await stage.close()
  await namespace.close()
})
beforeEach(async () => {
  nodes = new OwnNodes(namespace)
  node = await nodes.add()
  await nodes.add()
  await nodes.run(2)
  await namespace.admin.create(namespace.in(CORE, 'services'), service('web'))
})
afterEach(async () => {
  await namespace.admin.remove(namespace.in(APPS, 'deployments/web'))
  await namespace.admin.remove(namespace.in(CORE, 'services/web'))
  await soon(async () => expect(await podsOf(namespace, 'web')).toEqual([]))
  await nodes.close()
})

const web = () =>
  namespace.admin.get<
    Deployment & { spec: { replicas: number; template: { spec: { containers: { image: string }[] } } } }
  >(namespace.in(APPS, 'deployments/web'))
const selector = async () =>
  (await namespace.admin.get<{ spec: { selector: object } } & Deployment>(namespace.in(CORE, 'services/web'))).spec
    .selector

interface Case {
  fault: string
  env: Record<string, string>
  /** what is looked at, and what it is while harmed and afterwards */
  look: () => Promise<unknown>
  harmed: unknown
  after: unknown
}

const CASES: Case[] = [
  {
    fault: 'node-taint',
    env: { TAINTS: 'chaos=yes:NoSchedule' },
    look: () => nodes.taints(node),
    harmed: ['chaos=yes:NoSchedule'],
    after: []
  },
  { fault: 'node-cordon', env: {}, look: cordoned, harmed: true, after: false },
  { fault: 'node-drain', env: {}, look: cordoned, harmed: true, after: false },
  {
    fault: 'pod-autoscaler',
    env: { REPLICA_COUNT: '4' },
    look: async () => (await web()).spec.replicas,
    harmed: 4,
    after: 2
  },
  {
    fault: 'service-blackhole',
    env: {},
    look: async () => Object.keys(await selector()).sort(),
    harmed: ['app', 'faultline.dev/blackhole'],
    after: ['app']
  },
  {
    fault: 'image-swap',
    env: { LEVEL: 'workload', IMAGE: 'image-pull-error:1' },
    look: async () => (await web()).spec.template.spec.containers[0]?.image,
    harmed: 'image-pull-error:1',
    after: 'web:1'
  },
  // these two are no state: what the successor has to see is that the workload is whole
  { fault: 'rollout-restart', env: {}, look: async () => (await undoRecords()).length, harmed: 1, after: 0 },
  {
    fault: 'pod-evict',
    env: { CHAOS_INTERVAL: '120' },
    look: async () => (await undoRecords()).length,
    harmed: 1,
    after: 0
  }
]

async function cordoned(): Promise<boolean> {
  return (await nodes.get(node)).spec.unschedulable === true
}

function undoRecords() {
  return namespace.admin.list<{ data: { record: string } }>(
    namespace.in(CORE, 'configmaps?labelSelector=faultline.dev%2Frecord%3Dundo')
  )
}

it.each(CASES)('in the middle of $fault', { timeout: 120_000 }, async ({ fault, env, look, harmed, after }) => {
  if (stage.agent === undefined) await stage.startAgent()
  const name = `harm-${fault}`
  const aimed = fault.startsWith('node-') ? { TARGET_NODE: node } : {}
  const tunables = { TOTAL_CHAOS_DURATION: '120', ...env, ...aimed }
  const step = { namespace: namespace.name, label: 'app=web', fault, env: tunables }
  await stage.addWorkflow(name, chaosWorkflow(name, step))
  await stage.api.startRun(PROJECT, name)
  runs++
  await expect.poll(look, { timeout: 40_000 }).toEqual(harmed)
  await stage.killAgent()
  expect(await look()).toEqual(harmed)
  expect((await undoRecords()).map(({ data }) => JSON.parse(data.record).fault)).toEqual([fault])
  // that a successor waits for the Lease to run out is shown elsewhere
  const lease = namespace.in('/apis/coordination.k8s.io/v1', `leases/${AGENT_LEASE}`)
  await namespace.admin.patch(lease, { spec: { holderIdentity: '' } })
  await stage.startAgent()
  await expect.poll(look, { timeout: 40_000 }).toEqual(after)
  await expect.poll(async () => (await undoRecords()).length, { timeout: 60_000 }).toBe(0)
  expect(await stage.ended(runs)).toMatchObject({ phase: 'error', recovery: 'clean' })
  await rolledOut(namespace, 'web', 2)
})
