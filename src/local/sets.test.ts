import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bench, openBench } from './fixtures/bench.ts'
import { cartService, db, logDaemon } from './fixtures/workloads.ts'
import type { PodView, WorkloadView } from './index.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openBench()
})
afterEach(() => bench.close())

const soon = { timeout: 10_000, interval: 20 }
const SET = { kind: 'statefulset', namespace: 'shop', name: 'db' }
const DAEMON = { kind: 'ds', namespace: 'shop', name: 'log' }

const pods = (): PodView[] => bench.local.objects({ kind: 'pod' }).pods
const names = () =>
  pods()
    .filter((pod) => pod.phase !== 'terminating')
    .map(({ name }) => name)
    .sort()
const ready = () =>
  pods()
    .filter((pod) => pod.ready)
    .map(({ name }) => name)
    .sort()
const images = () => pods().map((pod) => `${pod.name} ${Object.values(pod.images)}`)
const view = (ref = SET): WorkloadView | undefined => bench.local.objects(ref).workloads[0]
const becomes = (rollout: string, ref = SET) => expect.poll(() => view(ref)?.rollout, soon).toBe(rollout)
const starts = (pod: string) => readFile(join(bench.folder, 'volumes/shop', pod, 'data/starts'), 'utf8')

/** every set of names that was there together with what was ready, until the work is done */
async function watch(work: () => Promise<unknown>): Promise<{ names: string[]; ready: string[]; images: string[] }[]> {
  const seen: { names: string[]; ready: string[]; images: string[] }[] = []
  const look = () => seen.push({ names: names(), ready: ready(), images: images() })
  const off = bench.local.onChange(look)
  await work()
  off()
  return seen
}

describe('a StatefulSet', () => {
  test('comes up one after another, each when those before it are ready, and goes in reverse', async () => {
    const up = await watch(async () => {
      await bench.client.apply([db({ image: 'db:slow' })])
      await becomes('healthy')
    })
    expect(names()).toEqual(['db-0', 'db-1', 'db-2'])
    for (const look of up)
      for (const name of look.names.slice(0, -1)) expect(look.ready, JSON.stringify(look)).toContain(name)
    const down = await watch(() => bench.client.delete({ ...SET, data: false }))
    expect(down.map((look) => look.names.length)).toEqual(down.map((look) => look.names.length).sort((a, b) => b - a))
    for (const look of down) expect(['', 'db-0', 'db-0,db-1', 'db-0,db-1,db-2']).toContain(look.names.join())
    expect(pods()).toEqual([])
  })

  test('a pod that is deleted comes back with its name and its data, as another pod', async () => {
    await bench.client.apply([db({ replicas: 2 })])
    await becomes('healthy')
    const before = pods().find(({ name }) => name === 'db-1')
    await bench.client.delete({ kind: 'pod', namespace: 'shop', name: 'db-1', data: false })
    await expect.poll(ready, soon).toEqual(['db-0', 'db-1'])
    expect(pods().find(({ name }) => name === 'db-1')?.uid).not.toBe(before?.uid)
    expect(await starts('db-1')).toBe('db:v1\ndb:v1\n')
    expect(await starts('db-0')).toBe('db:v1\n')
  })

  test('each pod has a name before that of its Service', async () => {
    const service = { ...cartService(), metadata: { name: 'db', namespace: 'shop' } }
    await bench.client.apply([db({ replicas: 2 }), { ...service, spec: { ...service.spec, selector: { app: 'db' } } }])
    await becomes('healthy')
    for (const host of ['db-1.db', 'db-1.db.shop', 'db-1.db.shop.svc', 'DB-1.db.shop.svc.cluster.local']) {
      const found = bench.local.service(host, 'shop')
      expect(await (await fetch(`http://${found?.host}:${found?.port}`)).text()).toBe('db:v1 db-1')
    }
    expect(bench.local.service('db-1.db.shop', 'default')?.endpoints).toEqual(['db-1'])
    for (const host of ['db-2.db', 'db-1.db', '.db', 'db-1.other.shop', '__proto__.db.shop', 'constructor.db.shop'])
      expect(bench.local.service(host, 'default')).toBeUndefined()
  })

  test('a new image is rolled out from the highest ordinal down, one at a time, to the partition', async () => {
    await bench.client.apply([db({ updateStrategy: { rollingUpdate: { partition: 1 } } })])
    await becomes('healthy')
    const seen = await watch(async () => {
      await bench.client.setImage({ ...SET, images: { db: 'db:v2' } })
      await becomes('healthy')
    })
    for (const look of seen) expect(look.ready.length, JSON.stringify(look)).toBeGreaterThanOrEqual(2)
    expect(images().sort()).toEqual(['db-0 db:v1', 'db-1 db:v2', 'db-2 db:v2'])
    const first = seen.find((look) => look.images.some((image) => image.endsWith('v2')))
    expect(first?.images.filter((image) => image.endsWith('v2'))).toEqual(['db-2 db:v2'])
    await bench.client.delete({ kind: 'pod', namespace: 'shop', name: 'db-0', data: false })
    await expect.poll(ready, soon).toEqual(['db-0', 'db-1', 'db-2'])
    expect(images()).toContain('db-0 db:v1')
  })

  test('an image that never gets ready stops at one pod; a pod lost meanwhile comes back as it was; the next mends it', async () => {
    await bench.client.apply([db()])
    await becomes('healthy')
    await bench.client.setImage({ ...SET, images: { db: 'db:never' } })
    await expect.poll(images, soon).toContain('db-2 db:never')
    await bench.client.delete({ kind: 'pod', namespace: 'shop', name: 'db-0', data: false })
    await expect.poll(ready, soon).toEqual(['db-0', 'db-1'])
    expect(images().sort()).toEqual(['db-0 db:v1', 'db-1 db:v1', 'db-2 db:never'])
    await bench.client.setImage({ ...SET, images: { db: 'db:v3' } })
    await becomes('healthy')
    expect(images().sort()).toEqual(['db-0 db:v3', 'db-1 db:v3', 'db-2 db:v3'])
  })

  test('OnDelete: pods get the new image when they are deleted, and it is healthy only then', async () => {
    await bench.client.apply([db({ replicas: 2, updateStrategy: { type: 'OnDelete' } })])
    await becomes('healthy')
    await bench.client.setImage({ ...SET, images: { db: 'db:v2' } })
    expect(view()).toMatchObject({ rollout: 'progressing', message: 'OnDelete: 2 old pods wait to be deleted.' })
    for (const name of ['db-0', 'db-1']) {
      expect(view()?.rollout).toBe('progressing')
      await bench.client.delete({ kind: 'pod', namespace: 'shop', name, data: false })
    }
    await becomes('healthy')
    expect(images().sort()).toEqual(['db-0 db:v2', 'db-1 db:v2'])
  })

  test('Parallel: all come at once', async () => {
    await bench.client.apply([db({ podManagementPolicy: 'Parallel', image: 'db:never' })])
    expect(names()).toEqual(['db-0', 'db-1', 'db-2'])
  })

  test('data stays over a restart of the agent and a deletion, and goes when that is asked for', async () => {
    await bench.client.apply([db({ replicas: 2 })])
    await becomes('healthy')
    await bench.restart()
    await expect.poll(ready, soon).toEqual(['db-0', 'db-1'])
    expect(await starts('db-1')).toBe('db:v1\ndb:v1\n')
    await bench.client.delete({ ...SET, data: false })
    await bench.client.apply([db({ replicas: 2 })])
    await becomes('healthy')
    expect(await starts('db-1')).toBe('db:v1\ndb:v1\ndb:v1\n')
    await bench.client.delete({ ...SET, data: true })
    await expect(starts('db-1')).rejects.toThrow('ENOENT')
    await bench.restart()
    expect(bench.local.objects().workloads).toEqual([])
  })

  test('scaled down its data waits for it', async () => {
    await bench.client.apply([db({ replicas: 2 })])
    await becomes('healthy')
    await bench.client.scale({ ...SET, replicas: 1 })
    await expect.poll(() => pods().length, soon).toBe(1)
    await bench.client.scale({ ...SET, replicas: 2 })
    await expect.poll(ready, soon).toEqual(['db-0', 'db-1'])
    expect(await starts('db-1')).toBe('db:v1\ndb:v1\n')
  })

  test('while it is being deleted it cannot be applied again', async () => {
    await bench.client.apply([db({ replicas: 1, image: 'db:stays', grace: 3 })])
    await becomes('healthy')
    const gone = bench.client.delete({ ...SET, data: false })
    await expect.poll(() => view(), soon).toBeUndefined()
    // an agent that is killed now does not bring it back
    const kept = async () => JSON.parse(await readFile(join(bench.folder, 'desired.json'), 'utf8')) as object
    await expect.poll(kept, soon).toMatchObject({ workloads: [] })
    await expect(bench.client.apply([db()])).rejects.toMatchObject({ code: 'local/deleting' })
    await gone
  })
})

describe('a DaemonSet', () => {
  test('has one pod, which a rollout replaces; it is not scaled, and says why', async () => {
    await bench.client.apply([logDaemon()])
    await becomes('healthy', DAEMON)
    expect(view(DAEMON)).toMatchObject({ kind: 'DaemonSet', replicas: 1, readyReplicas: 1 })
    const [before] = pods()
    expect(before?.name).toMatch(/^log-[0-9a-f]{5}$/)
    await bench.client.setImage({ ...DAEMON, images: { log: 'log:v2' } })
    await becomes('healthy', DAEMON)
    expect(pods().map((pod) => pod.images.log)).toEqual(['log:v2'])
    const scaled = bench.client.scale({ ...DAEMON, replicas: 2 })
    await expect(scaled).rejects.toThrow(/^daemonset\/log cannot be scaled: a DaemonSet has one pod for each node/)
  })

  test('a surge brings the new pod first; OnDelete leaves the old one until it is deleted', async () => {
    await bench.client.apply([logDaemon('log:v1', { rollingUpdate: { maxSurge: 1 } })])
    await becomes('healthy', DAEMON)
    const seen = await watch(async () => {
      await bench.client.restart(DAEMON)
      await becomes('healthy', DAEMON)
    })
    for (const look of seen) expect(look.ready.length).toBeGreaterThanOrEqual(1)
    await bench.client.apply([logDaemon('log:v2', { type: 'OnDelete' })])
    expect(view(DAEMON)?.message).toBe('OnDelete: 1 old pods wait to be deleted.')
    const [old] = pods().filter((pod) => pod.phase === 'running')
    await bench.client.delete({ kind: 'pod', namespace: 'shop', name: old?.name ?? '', data: false })
    await becomes('healthy', DAEMON)
    expect(pods().map((pod) => pod.images.log)).toEqual(['log:v2'])
  })
})
