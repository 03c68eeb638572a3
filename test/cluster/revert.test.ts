import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Reverted } from '../../src/main/revert-command.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { faultline } from '../harness/command.ts'
import { ClusterFaultBench } from './fault-bench.ts'
import { APPS, CORE, type Deployment, deployment, rolledOut } from './workloads.ts'

/** `faultline revert`: for whoever has a cluster, and neither a server nor an agent. */
let namespace: TestNamespace
let bench: ClusterFaultBench

beforeAll(async () => {
  namespace = await testNamespace('revert')
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 2))
  await rolledOut(namespace, 'web', 2)
  bench = await ClusterFaultBench.open(namespace)
})
afterAll(async () => {
  await bench.close()
  await namespace.close()
})

const replicas = async () =>
  (await namespace.admin.get<Deployment & { spec: { replicas: number } }>(namespace.in(APPS, 'deployments/web'))).spec
    .replicas
const revert = (...more: string[]) =>
  faultline(['revert', '--kubeconfig', namespace.kubeconfig, '--namespace', namespace.name, ...more]).ended

it('what is left is shown, undone and told, and then nothing is left', { timeout: 90_000 }, async () => {
  expect(await revert()).toMatchObject({ code: 0, stdout: expect.stringContaining('No fault has left anything') })
  const harm = bench.begin('pod-autoscaler', { TOTAL_CHAOS_DURATION: '120', REPLICA_COUNT: '4' })
  await harm.inForce()

  const shown = await revert('--dry-run', '-o', 'json')
  expect(JSON.parse(shown.stdout) as Reverted).toMatchObject({
    dryRun: true,
    injections: [{ fault: 'pod-autoscaler', target: `${namespace.name}/web`, outcome: 'left' }]
  })
  expect(await replicas()).toBe(4)
  expect(await bench.undoRecords()).toHaveLength(1)

  const done = await revert()
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toMatch(/^pod-autoscaler on \S+\/web, since \S+: undone \(replicas of deployment\/web is 2 again/)
  expect(await replicas()).toBe(2)
  expect(await bench.undoRecords()).toEqual([])
  expect(await harm.over()).toMatchObject({ recovery: 'clean' })
})

it('a record that cannot be read stays, and is told', { timeout: 90_000 }, async () => {
  const labels = { 'faultline.dev/record': 'undo' }
  const name = 'faultline-undo-broken'
  const annotations = { 'faultline.dev/id': 'broken' }
  await namespace.admin.create(namespace.in(CORE, 'configmaps'), {
    metadata: { name, labels, annotations },
    data: { record: '{"a":' }
  })
  const done = await revert()
  expect(done.code).toBe(1)
  expect(done.stdout).toContain(`the ConfigMap ${name} in namespace ${namespace.name}, cannot be read`)
  expect(await bench.undoRecords()).toHaveLength(1)
  await namespace.admin.remove(namespace.in(CORE, `configmaps/${name}`))
})

it('a kubeconfig that is not there is said', { timeout: 60_000 }, async () => {
  const ended = await faultline(['revert', '--kubeconfig', '/nowhere/config']).ended
  expect(ended.code).not.toBe(0)
  expect(ended.stderr).toContain('/nowhere/config')
})
