import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { chaosWorkflow } from './chaos-workflow.ts'
import { AGENT_RULES, ClusterStage, PROJECT } from './cluster-agent.ts'
import { APPS, CORE, daemonSet, deployment, rolledOut, setImage, statefulSet } from './workloads.ts'

/** A release in a real cluster is one run, whatever is down meanwhile; what a run does there is undone, whoever is killed. */
let namespace: TestNamespace
let stage: ClusterStage

beforeEach(async () => {
  namespace = await testNamespace('agent')
  stage = await ClusterStage.make(namespace)
})
afterEach(async () => {
  await stage.close()
  await namespace.close()
})

const optedIn = { 'litmuschaos.io/gitops': 'true', 'litmuschaos.io/workflow': 'harm-web' }
const SHORT = { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '2' }

async function workflow(env: Record<string, string> = SHORT, fault = 'pod-delete'): Promise<void> {
  const text = chaosWorkflow('harm-web', { namespace: namespace.name, label: 'app=web', fault, env })
  await stage.api.createWorkflow(PROJECT, text, 'Add it')
}

async function web(): Promise<void> {
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2, optedIn))
  await rolledOut(namespace, 'web', 2)
}

const undoRecords = () =>
  namespace.admin.list<{ data: { record: string } }>(
    namespace.in(CORE, 'configmaps?labelSelector=faultline.dev%2Frecord%3Dundo')
  )

it('an image that is set on a Deployment is one run, which deletes a pod and proves the recovery', async () => {
  await workflow()
  await web()
  await stage.startAgent()
  await stage.observed('web:1')
  await setImage(namespace, 'web', 'web:2')
  const run = await stage.ended()
  expect(run).toMatchObject({
    phase: 'completed',
    verdict: 'pass',
    recovery: 'clean',
    cause: {
      kind: 'workload-change',
      workload: { kind: 'Deployment', name: 'web' },
      changes: [{ aspect: 'image', before: 'web:1', after: 'web:2' }]
    },
    decision: { reason: expect.stringContaining('its rollout is healthy') }
  })
  expect(await undoRecords()).toEqual([])
  await rolledOut(namespace, 'web', 2)
})

it.each([
  ['StatefulSet', 'statefulsets', statefulSet('data', 'data:1', 2, optedIn)],
  ['DaemonSet', 'daemonsets', daemonSet('data', 'data:1', optedIn)]
])('so is one on a %s', async (kind, plural, object) => {
  await workflow()
  await web()
  await namespace.admin.create(namespace.in(APPS, plural), object)
  await stage.startAgent()
  await stage.observed('data:1')
  await setImage(namespace, 'data', 'data:2', plural)
  expect(await stage.ended()).toMatchObject({
    phase: 'completed',
    cause: { workload: { kind, name: 'data' }, changes: [{ before: 'data:1', after: 'data:2' }] }
  })
})

it('one that is set while the agent is killed is one run, with the net change', async () => {
  await workflow()
  await web()
  await stage.startAgent()
  await stage.observed('web:1')
  await stage.killAgent()
  await setImage(namespace, 'web', 'web:2')
  await setImage(namespace, 'web', 'web:3')
  await rolledOut(namespace, 'web', 2)
  await stage.startAgent()
  expect(await stage.ended()).toMatchObject({
    phase: 'completed',
    cause: { changes: [{ before: 'web:1', after: 'web:3' }] }
  })
})

it('so is one where nothing of the killed agent is left, as when its pod comes up on another node', async () => {
  await workflow()
  await web()
  await stage.startAgent()
  await stage.observed('web:1')
  await stage.killAgent()
  await setImage(namespace, 'web', 'web:2')
  await rolledOut(namespace, 'web', 2)
  await stage.startAgent('elsewhere')
  expect(await stage.ended()).toMatchObject({
    phase: 'completed',
    cause: { changes: [{ before: 'web:1', after: 'web:2' }] }
  })
  await setImage(namespace, 'web', 'web:3')
  expect(await stage.ended(2)).toMatchObject({ cause: { changes: [{ before: 'web:2', after: 'web:3' }] } })
})

it('one that is set while the server is killed is one run', async () => {
  await workflow()
  await web()
  await stage.startAgent()
  await stage.observed('web:1')
  await stage.server.kill()
  await setImage(namespace, 'web', 'web:2')
  await rolledOut(namespace, 'web', 2)
  stage.api = await stage.server.start()
  expect(await stage.ended()).toMatchObject({
    phase: 'completed',
    cause: { changes: [{ before: 'web:1', after: 'web:2' }] }
  })
})

it('an image that cannot be pulled never gets healthy, and starts nothing', async () => {
  await workflow()
  await web()
  await stage.startAgent()
  await stage.observed('web:1')
  await setImage(namespace, 'web', 'image-pull-error:2')
  const changes = () => stage.api.changes(PROJECT)
  await expect
    .poll(async () => (await changes()).items.map(({ state }) => state), { timeout: 20_000 })
    .toEqual(['waiting'])
  expect(await stage.runs()).toEqual([])
})

it('an agent that is killed in the middle of a fault leaves a record in the cluster, and its successor undoes it', async () => {
  await workflow({ TOTAL_CHAOS_DURATION: '60', CHAOS_INTERVAL: '60' })
  await web()
  await stage.startAgent()
  await stage.api.startRun(PROJECT, 'harm-web')
  const state = async () => [(await stage.runs()).map(({ phase }) => phase), (await undoRecords()).length]
  await expect.poll(state, { timeout: 40_000 }).toEqual([['running'], 1])
  const [record] = await undoRecords()
  expect(JSON.parse(record?.data.record ?? '')).toMatchObject({
    fault: 'pod-delete',
    undo: { namespace: namespace.name }
  })
  await stage.killAgent()
  await stage.startAgent()
  // the Lease of the killed one lasts for 15 s
  await expect.poll(async () => (await undoRecords()).length, { timeout: 60_000 }).toBe(0)
  expect(await stage.ended()).toMatchObject({ phase: 'error' })
  await rolledOut(namespace, 'web', 2)
}, 120_000)

it('a fault that needs what no API server reaches is refused, and says what', async () => {
  await workflow(SHORT, 'pod-network-loss')
  await web()
  await stage.startAgent()
  await stage.api.startRun(PROJECT, 'harm-web')
  const run = await stage.ended()
  expect(run).toMatchObject({ phase: 'error' })
  expect(JSON.stringify(run)).toContain('an agent on kubernetes infrastructures does not reach the network of pods')
})

it('a right that is missing is named where the run shows it, and in the log', async () => {
  await stage.close()
  const rules = AGENT_RULES.filter(({ resources }) => !resources.includes('pods') && !resources.includes('deployments'))
  await namespace.close()
  namespace = await testNamespace('agent')
  stage = await ClusterStage.make(namespace, rules)
  await workflow()
  await web()
  await stage.startAgent()
  await stage.api.startRun(PROJECT, 'harm-web')
  const lacks = 'lacks the right to list deployments of API group apps in namespace'
  expect(JSON.stringify(await stage.ended())).toContain(lacks)
  expect(await stage.log()).toContain(lacks)
})
