import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

it('a kubeconfig that signs in by a program is used where that is allowed', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-revert-'))
  const { url, ca, token } = namespace.admin.way
  const api = 'client.authentication.k8s.io/v1'
  const credential = JSON.stringify({ apiVersion: api, kind: 'ExecCredential', status: { token } })
  const exec = { apiVersion: api, command: '/bin/echo', args: [credential], interactiveMode: 'Never' }
  const file = join(folder, 'config')
  const config = {
    clusters: [
      { name: 'c', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }
    ],
    users: [{ name: 'u', user: { exec } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x'
  }
  await writeFile(file, JSON.stringify(config), { mode: 0o600 })
  const asked = (...more: string[]) =>
    faultline(['revert', '--kubeconfig', file, '--namespace', namespace.name, '--dry-run', ...more]).ended
  expect(await asked()).toMatchObject({ code: 2, stderr: expect.stringContaining('--allow-kubeconfig-exec') })
  expect(await asked('--allow-kubeconfig-exec')).toMatchObject({ code: 0, stderr: '' })
  await rm(folder, { recursive: true })
})

it('a kubeconfig that is not there is said', { timeout: 60_000 }, async () => {
  const ended = await faultline(['revert', '--kubeconfig', '/nowhere/config']).ended
  expect(ended.code).not.toBe(0)
  expect(ended.stderr).toContain('/nowhere/config')
})
