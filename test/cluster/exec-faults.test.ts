import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { chaosWorkflow } from './chaos-workflow.ts'
import { ClusterStage, PROJECT } from './cluster-agent.ts'
import { HANDLES_NOTHING, TestNode } from './test-node.ts'
import { APPS, CORE, deployment, podsOf, rolledOut } from './workloads.ts'

// agents that are killed, and effects that never come
vi.setConfig({ testTimeout: 150_000 })

/** Faults by commands in containers: seen in the container while they last, and gone from it afterwards, whoever is killed. */
let namespace: TestNamespace
let node: TestNode
let stage: ClusterStage

beforeEach(async () => {
  namespace = await testNamespace('harm')
  node = await TestNode.join(namespace)
  stage = await ClusterStage.make(namespace)
  await namespace.admin.create(namespace.in(APPS, 'deployments'), node.holds(deployment('web', 'web:1', 1)))
  await rolledOut(namespace, 'web', 1)
})
afterEach(async () => {
  await stage.close()
  await node.close()
  await namespace.close()
})

/** Asks for a run of this fault. */
async function harm(fault: string, env: Record<string, string>): Promise<void> {
  await stage.addWorkflow('harm', chaosWorkflow('harm', { namespace: namespace.name, label: 'app=web', fault, env }))
  await stage.api.startRun(PROJECT, 'harm')
}

/** What runs in the pod's container beside its own program, and what that has begun. */
async function guests(): Promise<string[]> {
  const [pod] = await podsOf(namespace, 'web')
  const all = await node.processes(pod?.metadata.name ?? '', 'web')
  return all.filter((args) => !args.includes('echo up') && args !== 'sleep 1')
}

async function evidence(): Promise<string> {
  const [run] = await stage.runs()
  const { facts } = await stage.api.facts(PROJECT, run?.id ?? '')
  return facts.flatMap((fact) => (fact.type === 'injection' ? `${fact.stage}: ${fact.evidence}` : [])).join('\n')
}

const undoRecords = () =>
  namespace.admin.list(namespace.in(CORE, 'configmaps?labelSelector=faultline.dev%2Frecord%3Dundo'))

it('container-kill ends the container, which is started again', async () => {
  await stage.startAgent()
  await harm('container-kill', { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '2' })
  expect(await stage.ended()).toMatchObject({ phase: 'completed', verdict: 'pass', recovery: 'clean' })
  expect(await evidence()).toMatch(/container web of pod web-\S+ had 0 restarts and has 1/)
})

it('container-kill is never green where the container stays', async () => {
  node.program = HANDLES_NOTHING
  await stage.startAgent()
  await harm('container-kill', { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '2' })
  const run = await stage.ended()
  expect(run).toMatchObject({ phase: 'error', verdict: 'error', recovery: 'clean' })
  expect(await evidence()).toMatch(/no-effect-seen: container web of pod web-\S+ had 0 restarts and has 0/)
})

it.each([
  ['pod-cpu-hog-exec', { CPU_CORES: '2' }, 3, /2\.00 cores asked, [0-9.]+ cores achieved/],
  ['pod-memory-hog-exec', { MEMORY_CONSUMPTION: '50' }, 2, /50 MiB asked, 5\d MiB achieved/]
])('%s is there while it lasts, and then it is not', async (fault, env, count, seen) => {
  await stage.startAgent()
  await harm(fault, { TOTAL_CHAOS_DURATION: '8', ...env })
  await expect.poll(async () => (await guests()).length).toBeGreaterThanOrEqual(count)
  expect(await stage.ended()).toMatchObject({ phase: 'completed', verdict: 'pass', recovery: 'clean' })
  expect(await guests()).toEqual([])
  expect(await evidence()).toMatch(seen)
})

it('an agent that is killed in the middle of container-kill leaves a record, and its successor clears it', async () => {
  await stage.startAgent()
  await harm('container-kill', { TOTAL_CHAOS_DURATION: '60', CHAOS_INTERVAL: '60' })
  const proved = async () => (await undoRecords()).length === 1 && (await evidence()).includes('effect-proved')
  await expect.poll(proved, { timeout: 40_000 }).toBe(true)
  await stage.killAgent()
  await stage.startAgent()
  await namespace.until('the record is gone', async () => (await undoRecords()).length === 0)
  await rolledOut(namespace, 'web', 1)
  expect(await stage.ended()).toMatchObject({ phase: 'error' })
})

it.each([
  ['pod-cpu-hog-exec', { CPU_CORES: '1' }],
  ['pod-memory-hog-exec', { MEMORY_CONSUMPTION: '20' }]
])(
  'an agent that is killed in the middle of %s leaves a record, and its successor ends the load',
  async (fault, env) => {
    await stage.startAgent()
    await harm(fault, { TOTAL_CHAOS_DURATION: '60', ...env })
    const proved = async () => (await undoRecords()).length === 1 && (await evidence()).includes('effect-proved')
    await expect.poll(proved, { timeout: 40_000 }).toBe(true)
    expect(await guests()).not.toEqual([])
    await stage.killAgent()
    await stage.startAgent()
    await namespace.until('the record is gone', async () => (await undoRecords()).length === 0)
    expect(await guests()).toEqual([])
    expect(await stage.ended()).toMatchObject({ phase: 'error' })
  }
)
