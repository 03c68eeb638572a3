import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { KubeClient } from '../../src/cluster/index.ts'
import { KindWatch } from '../../src/cluster/watch/kind-watch.ts'
import { at } from '../../src/domain/index.ts'
import { Secret, silentLogger, systemClock } from '../../src/platform/index.ts'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { soon } from '../harness/soon.ts'
import { RoughProxy } from './rough-proxy.ts'
import { CORE } from './workloads.ts'

/** A watch of the real API server through a proxy that is rough on it: whatever breaks, what is known becomes what is there. */
let namespace: TestNamespace
let proxy: RoughProxy
let client: KubeClient
let watch: KindWatch<string>

beforeAll(async () => {
  namespace = await testNamespace('watch')
})
afterAll(() => namespace.close())

beforeEach(async () => {
  proxy = await RoughProxy.open(namespace.admin)
  client = new KubeClient(proxy.access, systemClock)
})
afterEach(async () => {
  await watch.stop()
  await client.close()
  await proxy.close()
  for (const map of await namespace.admin.list<{ metadata: { name: string } }>(namespace.in(CORE, 'configmaps')))
    await namespace.admin.remove(namespace.in(CORE, `configmaps/${map.metadata.name}`))
})

function begin(path = namespace.in(CORE, 'configmaps')): void {
  watch = new KindWatch({
    client,
    path,
    project: (object) =>
      `${at(object, 'metadata', 'name')}=${at(object, 'data', 'x') ?? at(object, 'spec', 'x') ?? ''}`,
    onChange: () => undefined,
    idleMs: 1500,
    clock: systemClock,
    log: silentLogger()
  })
  watch.start()
}

const put = (name: string, x: string) =>
  namespace.admin.create(namespace.in(CORE, 'configmaps'), { metadata: { name }, data: { x } })
const set = (name: string, x: string) =>
  namespace.admin.patch(namespace.in(CORE, `configmaps/${name}`), { data: { x } })
const remove = (name: string) => namespace.admin.remove(namespace.in(CORE, `configmaps/${name}`))

/** what the watch knows, without what the cluster itself puts into each namespace */
const known = () =>
  watch
    .objects()
    .filter((text) => !text.startsWith('kube-root-ca'))
    .sort()
const knows = (...texts: string[]) => soon(() => expect(known()).toEqual(texts))
const watching = (count: number) => soon(() => expect(proxy.watches).toBeGreaterThanOrEqual(count))

it('tells what is there, what comes, changes and goes', async () => {
  await put('a', '1')
  begin()
  await knows('a=1')
  await watching(1)
  await put('b', '1')
  await set('a', '2')
  await knows('a=2', 'b=1')
  await remove('a')
  await knows('b=1')
})

it('goes on where it was when the connection is cut, without another list', async () => {
  await put('a', '1')
  begin()
  await watching(1)
  await knows('a=1')
  proxy.away = true
  proxy.cut()
  await set('a', '2')
  await put('b', '1')
  await remove('a')
  proxy.away = false
  await knows('b=1')
  expect(proxy.lists).toBe(1)
})

it('a connection that is half open is noticed, and what it swallowed is told', async () => {
  begin()
  await watching(1)
  proxy.harm = () => null
  await put('a', '1')
  await watching(2)
  proxy.harm = (piece) => piece
  await knows('a=1')
})

it('pieces that come late, or twice, change nothing', async () => {
  proxy.delayMs = 50
  proxy.harm = (piece) => (piece.at(-1) === 0x0a && piece.at(0) === 0x7b ? Buffer.concat([piece, piece]) : piece)
  begin()
  await watching(1)
  await put('a', '1')
  for (const x of ['2', '3', '4']) await set('a', x)
  await put('b', '1')
  await remove('b')
  await knows('a=4')
})

it.each([
  ['a line that is no JSON', '{"type":"ADDED","obj\n'],
  ['a version that is too old', '{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}\n'],
  ['an event about nothing', '{"type":"MODIFIED","object":{}}\n']
])('%s asks for a new list', async (_what, line) => {
  await put('a', '1')
  begin()
  await knows('a=1')
  await watching(1)
  const { lists } = proxy
  proxy.say(line)
  await soon(() => expect(proxy.lists).toBe(lists + 1))
  await set('a', '2')
  await knows('a=2')
})

it('versions that went back, as by a restored etcd, are noticed', async () => {
  await put('a', '1')
  const version = /"resourceVersion":"\d+"/g
  proxy.harm = (piece) => Buffer.from(piece.toString().replaceAll(version, '"resourceVersion":"999999999999"'))
  begin()
  await watching(1)
  await set('a', '2')
  await knows('a=2')
  proxy.harm = (piece) => piece
  proxy.cut()
  await set('a', '3')
  await knows('a=3')
})

it('a collection of many pages is known whole', async () => {
  const names = Array.from({ length: 520 }, (_, index) => `m-${String(index).padStart(3, '0')}`)
  for (let from = 0; from < names.length; from += 40)
    await Promise.all(names.slice(from, from + 40).map((name) => put(name, '1')))
  begin()
  await knows(...names.map((name) => `${name}=1`))
  expect(proxy.lists).toBe(6)
})

it('a kind that comes later is found, and is empty when it goes', async () => {
  const group = `${namespace.name}.example.com`
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  begin(namespace.in(`/apis/${group}/v1`, 'things'))
  await soon(() => expect(watch.problem).toMatchObject({ code: 'cluster/missing' }))
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  await namespace.admin.create(definitions, {
    metadata: { name: `things.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }]
    }
  })
  await namespace.until('the kind is served', () =>
    namespace.admin.list(namespace.in(`/apis/${group}/v1`, 'things')).then(
      () => true,
      () => false
    )
  )
  const thing = { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 'one' }, spec: { x: '1' } }
  await namespace.admin.create(namespace.in(`/apis/${group}/v1`, 'things'), thing)
  await knows('one=1')
  await namespace.admin.remove(`${definitions}/things.${group}`)
  await soon(() => expect(known()).toEqual([]))
})

it('an account without the right is told which one', async () => {
  const account = await namespace.account('reader', [])
  await client.close()
  client = new KubeClient(
    {
      ...proxy.access,
      server: new URL(account.api.way.url),
      ca: account.api.way.ca,
      token: async () => new Secret(account.token)
    },
    systemClock
  )
  begin()
  await soon(() =>
    expect(watch.problem?.message).toContain(
      `reader lacks the right to list configmaps in namespace ${namespace.name} (403)`
    )
  )
})
