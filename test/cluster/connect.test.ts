import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { chaosWorkflow } from './chaos-workflow.ts'
import { ClusterStage, PROJECT } from './cluster-agent.ts'
import { APPS, CORE, deployment, rolledOut, setImage } from './workloads.ts'

/** What the portal offers to paste is taken by a real API server, and is enough for the agent that works with it. */
let namespace: TestNamespace
let stage: ClusterStage

beforeEach(async () => {
  namespace = await testNamespace('connect')
  stage = await ClusterStage.connected(namespace)
})
afterEach(async () => {
  await stage.close()
  await namespace.close()
})

it('the manifest is applied; an agent with its account and its token takes a release as a run', async () => {
  const own = `${CORE}/namespaces/faultline-${namespace.name}`
  const pods = () => namespace.admin.list<{ status: { phase: string } }>(`${own}/pods`)
  await namespace.until('the pod fits in a restricted namespace', async () =>
    (await pods()).some(({ status }) => status.phase === 'Running')
  )
  const harm = { namespace: namespace.name, label: 'app=web', env: { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '2' } }
  await stage.api.createWorkflow(PROJECT, chaosWorkflow('harm-web', harm), 'Add it')
  const optedIn = { 'litmuschaos.io/gitops': 'true', 'litmuschaos.io/workflow': 'harm-web' }
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2, optedIn))
  await rolledOut(namespace, 'web', 2)
  await stage.startAgent()
  await stage.observed('web:1')
  await setImage(namespace, 'web', 'web:2')
  expect(await stage.ended()).toMatchObject({ phase: 'completed', verdict: 'pass', recovery: 'clean' })

  // applied again, it leaves the key where it is
  const key = () => namespace.admin.get<{ data?: object }>(`${own}/secrets/faultline-agent-key`)
  const { data } = await key()
  expect(Object.keys(data ?? {})).toEqual(['agent-key.json'])
  await stage.apply()
  expect((await key()).data).toEqual(data)
  expect(await stage.log()).not.toContain('lacks the right')
})
