import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { chaosWorkflow } from './chaos-workflow.ts'
import { ClusterStage, PROJECT } from './cluster-agent.ts'
import { APPS, CORE, deployment, rolledOut, setImage } from './workloads.ts'

/** Two agents of one infrastructure, with one registration: one works, the other stands by. */
let namespace: TestNamespace
let stage: ClusterStage

beforeEach(async () => {
  namespace = await testNamespace('turn')
  stage = await ClusterStage.make(namespace)
})
afterEach(async () => {
  await stage.close()
  await namespace.close()
})

const undoRecords = () =>
  namespace.admin.list(namespace.in(CORE, 'configmaps?labelSelector=faultline.dev%2Frecord%3Dundo'))

async function says(text: string): Promise<void> {
  await expect.poll(() => stage.log(), { timeout: 40_000 }).toContain(text)
}

it('when the one that works is killed in the middle of a fault, the other undoes it, and goes on with all else', async () => {
  const optedIn = { 'litmuschaos.io/gitops': 'true', 'litmuschaos.io/workflow': 'harm-web' }
  const add = (name: string, seconds: string) => {
    const env = { TOTAL_CHAOS_DURATION: seconds, CHAOS_INTERVAL: seconds }
    return stage.api.createWorkflow(
      PROJECT,
      chaosWorkflow(name, { namespace: namespace.name, label: 'app=web', env }),
      'Add it'
    )
  }
  await add('long', '60')
  await add('harm-web', '2')
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2, optedIn))
  await rolledOut(namespace, 'web', 2)
  await stage.startAgent('first')
  const first = stage.agent
  await stage.observed('web:1')
  await stage.startAgent('second')
  await says('another agent works; this one stands by')
  await stage.api.startRun(PROJECT, 'long')
  await expect.poll(async () => (await undoRecords()).length, { timeout: 40_000 }).toBe(1)
  await stage.killAgent(first)
  await setImage(namespace, 'web', 'web:2')
  // the Lease of the killed one lasts for 15 s
  await expect.poll(async () => (await undoRecords()).length, { timeout: 60_000 }).toBe(0)
  await says('undid what an earlier process had left')
  const release = async () => (await stage.runs()).find(({ workflow }) => workflow === 'harm-web')
  await expect.poll(async () => (await release())?.phase, { timeout: 60_000 }).toBe('completed')
}, 180_000)

it('one that ends in order hands over at once; one that stands by ends when it is told to', async () => {
  await stage.startAgent('first')
  const first = stage.agent
  await stage.startAgent('second')
  await says('another agent works; this one stands by')
  const second = stage.agent
  await first?.stop()
  await expect
    .poll(async () => (await stage.log()).split("it is this agent's turn").length, { timeout: 10_000 })
    .toBe(3)
  await stage.startAgent('third')
  await stage.agent?.stop()
  await second?.stop()
  expect(await stage.log()).not.toContain('an error of Faultline')
})

it('one whose turn was taken away ends by itself', async () => {
  await stage.startAgent()
  const lease = namespace.in('/apis/coordination.k8s.io/v1', 'leases/faultline-agent')
  await namespace.admin.patch(lease, { spec: { holderIdentity: 'another', renewTime: '2026-01-01T00:00:00.000000Z' } })
  await stage.agent?.ended
  expect(await stage.log()).toContain('This agent is not the one that works any more: another has taken over.')
  expect(await namespace.admin.get(lease)).toMatchObject({ spec: { holderIdentity: 'another' } })
})
