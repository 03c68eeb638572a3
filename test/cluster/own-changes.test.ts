import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { chaosWorkflow } from './chaos-workflow.ts'
import { ClusterStage, PROJECT } from './cluster-agent.ts'
import { APPS, deployment, rolledOut } from './workloads.ts'

/** Chaos does not trigger chaos: a run that scales a workload is recognised by the API server's own book of who wrote what. */
let namespace: TestNamespace
let stage: ClusterStage

beforeEach(async () => {
  namespace = await testNamespace('own')
  stage = await ClusterStage.make(namespace)
})
afterEach(async () => {
  await stage.close()
  await namespace.close()
})

const POLICY = `apiVersion: faultline.dev/v1
kind: EventPolicy
metadata: { name: size }
spec:
  workloads: {}
  when: { replicas: changed }
  rollout: { wait: false }
  run: [{ workflow: scale-web }]
`

it('a run that scales a workload, and scales it back, asks for no other; a person who scales it does', {
  timeout: 150_000
}, async () => {
  const fault = { fault: 'pod-autoscaler', env: { TOTAL_CHAOS_DURATION: '8', REPLICA_COUNT: '4' } }
  const text = chaosWorkflow('scale-web', { namespace: namespace.name, label: 'app=web', ...fault })
  await stage.api.createWorkflow(PROJECT, text, 'Add it')
  await stage.api.createWorkflow(PROJECT, POLICY, 'Add it')
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2))
  await rolledOut(namespace, 'web', 2)
  await stage.startAgent()
  await stage.observed('web:1')

  await namespace.admin.patch(namespace.in(APPS, 'deployments/web'), { spec: { replicas: 1 } })
  const run = await stage.ended()
  expect(run).toMatchObject({ phase: 'completed', recovery: 'clean', cause: { policy: 'size' } })

  const decided = async () => {
    const { items } = await stage.api.changes(PROJECT)
    return new Set(items.flatMap(({ decisions }) => decisions.map(({ outcome, reason }) => `${outcome}: ${reason}`)))
  }
  // a look that came late sees what was made and undone as one, or not at all
  const triggered = 'triggered: The number of replicas of deployment/web changed from 2 to 1.'
  const own = `not-triggered: The run ${run.id} made this change.`
  await expect.poll(decided, { timeout: 30_000 }).toEqual(new Set([triggered, own]))
  expect(await stage.runs()).toHaveLength(1)
})
