import { afterAll, beforeAll, expect, it } from 'vitest'
import { clusterTarget, type KubeClient, undoRecords } from '../../src/cluster/index.ts'
import { targetContract } from '../../src/engine/fixtures/target-contract.ts'
import { partOf } from '../../src/engine/index.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { clientOf } from './client-of.ts'
import { APPS, CORE, daemonSet, deployment, podsOf, rolledOut, statefulSet } from './workloads.ts'

targetContract('a cluster', [], async () => {
  const shop = await testNamespace('shop')
  await shop.admin.create(shop.in(APPS, 'deployments'), deployment('cart', 'cart:1', 2))
  const client = clientOf(shop.admin)
  const close = async () => {
    await client.close()
    await shop.close()
  }
  return { target: clusterTarget(client), namespace: shop.name, close }
})

let namespace: TestNamespace
let client: KubeClient

beforeAll(async () => {
  namespace = await testNamespace('target')
  client = clientOf(namespace.admin)
})
afterAll(async () => {
  await client.close()
  await namespace.close()
})

const selector = (kind: string, app: string) => ({ namespace: namespace.name, kind, labels: { app } })

it.each([
  ['statefulset', 'statefulsets', statefulSet('ledger', 'ledger:1', 2), 'ledger', 2],
  ['daemonset', 'daemonsets', daemonSet('logs', 'logs:1'), 'logs', 3]
])('the pods of a %s are found', async (kind, plural, object, name, count) => {
  await namespace.admin.create(namespace.in(APPS, plural), object)
  const target = clusterTarget(client)
  const pods = await namespace.until('its pods are ready', async () => {
    const found = (await target.pods(selector(kind, name))).filter(({ ready }) => ready)
    return found.length === count && found
  })
  const [workload] = await target.workloads(selector(kind, name))
  expect(workload).toMatchObject({ name, desired: count })
  for (const pod of pods) expect(pod).toMatchObject({ restarts: { [name]: 0 }, workload: { uid: workload?.uid } })
})

it('a pod that nobody controls, and the pods of another workload with the same labels, are left alone', async () => {
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 1))
  await rolledOut(namespace, 'web', 1)
  const spec = { containers: [{ name: 'web', image: 'web:1' }] }
  await namespace.admin.create(namespace.in(CORE, 'pods'), { metadata: { name: 'bare', labels: { tier: 'x' } }, spec })
  const target = clusterTarget(client)
  expect(await target.workloads({ ...selector('deployment', 'web'), labels: { tier: 'x' } })).toEqual([])
  expect((await target.pods(selector('deployment', 'web'))).map(({ name }) => name)).toEqual(
    (await podsOf(namespace, 'web')).map(({ metadata }) => metadata.name)
  )
})

it('another pod that has the name of a deleted one meanwhile is left alone', async () => {
  const [pod] = await podsOf(namespace, 'web')
  const name = pod?.metadata.name ?? ''
  const other = { namespace: namespace.name, name, uid: '00000000-0000-0000-0000-000000000000' }
  await clusterTarget(client).deletePod(other, { graceSeconds: 0, force: true })
  expect((await podsOf(namespace, 'web')).map(({ metadata }) => metadata.name)).toContain(name)
})

it('a kind that cannot be a target is said', async () => {
  await expect(clusterTarget(client).workloads(selector('rollout', 'web'))).rejects.toMatchObject({
    code: 'cluster/unknown-kind',
    message: expect.stringContaining('known: deployment, statefulset, daemonset')
  })
})

it('objects of any kind are found by names and selectors; a kind that nobody serves is an error, not an absence', async () => {
  const { signal } = new AbortController()
  const { objects } = partOf(clusterTarget(client), 'cluster')
  const query = { group: 'apps', version: 'v1', resource: 'deployments', namespace: namespace.name, signal }
  const names = async (more: { names?: string[]; labelSelector?: string; resource?: string }) => {
    const found = await objects.find({ ...query, names: [], fieldSelector: '', labelSelector: '', ...more })
    return found.map(({ name }) => name)
  }
  expect(await names({ names: ['web', 'nobody'] })).toEqual(['web'])
  expect(await names({ labelSelector: 'app=nobody' })).toEqual([])
  expect(await names({})).toEqual(['web'])
  await expect(names({ names: ['web'], resource: 'unicorns' })).rejects.toMatchObject({ code: 'cluster/missing' })
})

it('of many objects some are told, and none is deleted', async () => {
  const { objects } = partOf(clusterTarget(client), 'cluster')
  const many = { group: '', version: 'v1', resource: 'configmaps', namespace: namespace.name }
  const { signal } = new AbortController()
  const made = Array.from({ length: 101 }, (_, number) => {
    const metadata = { name: `many-${number}`, labels: { many: 'yes' } }
    return objects.create(many, { apiVersion: 'v1', kind: 'ConfigMap', metadata }, signal)
  })
  await Promise.all(made)
  const query = { ...many, names: [], fieldSelector: '', labelSelector: 'many=yes', signal }
  expect(await objects.find(query)).toHaveLength(100)
  await expect(objects.remove(query)).rejects.toMatchObject({ code: 'cluster/too-many' })
  const left = await namespace.admin.list(namespace.in(CORE, 'configmaps?labelSelector=many%3Dyes'))
  expect(left).toHaveLength(101)
})

it('undo records are ConfigMaps: written, written again, found by another client, removed twice', async () => {
  const records = undoRecords(client, namespace.name)
  await records.write('one', '{"a":1}')
  await records.write('one', '{"a":2}')
  const another = clientOf(namespace.admin)
  expect(await undoRecords(another, namespace.name).all()).toEqual([{ id: 'one', text: '{"a":2}' }])
  await another.close()
  await records.remove('one')
  await records.remove('one')
  expect(await records.all()).toEqual([])
  await expect(records.write('../pods', '')).rejects.toThrow('no id of an injection')
})
