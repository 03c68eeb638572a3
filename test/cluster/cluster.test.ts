import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { APPS, CORE, deployment, podsOf, rolledOut, setImage } from './workloads.ts'

/** The test bed itself: what later tests build on does hold. */
let namespace: TestNamespace

beforeAll(async () => {
  namespace = await testNamespace('bed')
})
afterAll(() => namespace.close())

interface Node {
  metadata: { name: string }
  status: { conditions: { type: string; status: string }[] }
}

function isReady({ conditions }: Node['status']): boolean {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

it('is a Kubernetes of the pinned release, with ready nodes', async () => {
  const version = await namespace.admin.get<{ gitVersion: string }>('/version')
  expect(version.gitVersion).toMatch(/^v1\.\d+\.\d+/)
  const nodes = await namespace.admin.list<Node>('/api/v1/nodes')
  // other tests have nodes of their own meanwhile
  const own = nodes.filter(({ metadata }) => /^node-\d$/.test(metadata.name))
  expect(own.map(({ metadata, status }) => [metadata.name, isReady(status)])).toEqual([
    ['node-1', true],
    ['node-2', true],
    ['node-3', true]
  ])
})

it('rolls a Deployment out on its nodes, and a change of the image', async () => {
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 3))
  await rolledOut(namespace, 'web', 3)
  const before = await podsOf(namespace, 'web')
  expect(before.map(({ spec }) => spec.containers[0]?.image)).toEqual(['web:1', 'web:1', 'web:1'])
  expect(new Set(before.map(({ spec }) => spec.nodeName)).size).toBeGreaterThan(1)

  await setImage(namespace, 'web', 'web:2')
  await rolledOut(namespace, 'web', 3)
  const running = (await podsOf(namespace, 'web')).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  expect(running.map(({ spec }) => spec.containers[0]?.image)).toEqual(['web:2', 'web:2', 'web:2'])
})

it('replaces a pod that is deleted', async () => {
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('lone', 'lone:1', 1))
  await rolledOut(namespace, 'lone', 1)
  const [pod] = await podsOf(namespace, 'lone')
  await namespace.admin.remove(namespace.in(CORE, `pods/${pod?.metadata.name}`))
  await namespace.until('another pod runs', async () => {
    const [other, ...more] = await podsOf(namespace, 'lone')
    return more.length === 0 && other?.metadata.name !== pod?.metadata.name && other?.status.phase === 'Running'
  })
})

it('a rollout of an image that cannot be pulled never gets ready', async () => {
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('stuck', 'stuck:1', 1))
  await rolledOut(namespace, 'stuck', 1)
  await setImage(namespace, 'stuck', 'image-pull-error:2')
  const waiting = await namespace.until('the new pod waits for its image', async () =>
    (await podsOf(namespace, 'stuck')).find(({ status }) => status.phase === 'Pending' && status.podIP !== undefined)
  )
  expect(JSON.stringify(waiting.status)).toContain('ImagePullBackOff')
})

it('an account may do what its rules say, where they say it, and nothing else', async () => {
  const rules = [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] }]
  const reader = await namespace.account('reader', rules)
  const everywhere = await namespace.account('reader-everywhere', rules, 'cluster')
  const elsewhere = `${APPS}/namespaces/kube-system/deployments`
  expect(await reader.api.list(namespace.in(APPS, 'deployments'))).toBeInstanceOf(Array)
  await expect(reader.api.list(elsewhere)).rejects.toMatchObject({ status: 403, reason: 'Forbidden' })
  expect(await everywhere.api.list(elsewhere)).toEqual([])
  await expect(everywhere.api.list(namespace.in(CORE, 'pods'))).rejects.toMatchObject({ status: 403 })
})
