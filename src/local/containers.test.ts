import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, openBench } from './fixtures/bench.ts'
import { cart, cartService } from './fixtures/workloads.ts'
import type { ContainerView, PodView } from './index.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openBench('warden')
})
afterEach(() => bench.close())

const soon = { timeout: 8000, interval: 20 }
const pod = (): PodView => {
  const [found] = bench.local.objects({ kind: 'pod' }).pods
  if (found === undefined) throw new Error('no pod')
  return found
}
const container = (name: string): ContainerView | undefined => pod().containers.find((one) => one.name === name)
const healthy = () => expect.poll(() => bench.local.objects().workloads[0]?.rollout, soon).toBe('healthy')
const logs = (name: string, tail?: number) =>
  bench.client.logs({ namespace: 'shop', pod: pod().name, container: name, ...(tail !== undefined && { tail }) })

/** answers `name`, on the port with the name of the container */
function server(name: string, more: object = {}) {
  const code = `require('node:http').createServer((_, answer) => answer.end('${name}')).listen(process.env.PORT)`
  return {
    name,
    image: `${name}:1`,
    command: [process.execPath, '-e', code],
    ports: [{ name, containerPort: 9000 }],
    readinessProbe: { httpGet: { path: '/', port: name }, periodSeconds: 0.05 },
    ...more
  }
}

const shell = (name: string, script: string, more: object = {}) => ({
  name,
  image: `${name}:1`,
  command: ['sh', '-c', script],
  ...more
})

test('containers run side by side with a port each, and a Service reaches the one that it names', async () => {
  const service = (targetPort: string | number) => {
    const made = cartService()
    return { ...made, spec: { ...made.spec, ports: [{ port: 80, targetPort }] } }
  }
  const ask = async () => {
    const port = bench.local.objects({ kind: 'svc' }).services[0]?.port
    return (await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } })).text()
  }
  await bench.client.apply([cart({ sidecars: [server('proxy')] }), service('proxy')])
  await healthy()
  expect(await ask()).toBe('proxy')
  await bench.client.apply([service(9000)])
  expect(await ask()).toBe('proxy')
  await bench.client.apply([service(80)])
  expect(await ask()).toMatch(/^cart:v1/)
  await bench.client.apply([service('metrics')])
  expect(bench.local.objects({ kind: 'svc' }).services[0]?.endpoints).toEqual([])
  expect(new Set(pod().containers.map(({ port }) => port)).size).toBe(2)
  expect(pod().images).toEqual({ cart: 'cart:v1', proxy: 'proxy:1' })
})

test('a pod is ready when all its containers are; one that ends is started again alone, and is seen to wait', async () => {
  // the machine may run this very test twice: the daemon is known by a number of its own
  const seconds = String(100_000 + randomInt(900_000))
  const daemon = `setsid sleep ${seconds} & exec sleep 1000`
  await bench.client.apply([cart({ sidecars: [server('proxy'), shell('stay', daemon)] })])
  await healthy()
  const before = pod()
  const crash = () => bench.local.killContainer(before.uid, { container: 'proxy', signal: 'SIGKILL' })
  crash()
  await expect.poll(() => container('proxy')?.restarts, soon).toBe(1)
  await expect.poll(() => pod().ready, soon).toBe(true)
  crash()
  await expect.poll(() => container('proxy')?.reason, soon).toMatch(/^ended with SIGKILL; starts again 0\.4 s later$/)
  expect(pod().ready).toBe(false)
  expect([container('cart')?.pid, container('stay')?.pid]).toEqual([
    before.containers.find(({ name }) => name === 'cart')?.pid,
    before.containers.find(({ name }) => name === 'stay')?.pid
  ])
  expect(() => bench.local.killContainer(before.uid, { container: 'x', signal: 'SIGKILL' })).toThrow(
    /Pod cart-\S+ has no container x; it has cart, proxy, stay/
  )
  expect(sleepers(seconds)).toHaveLength(1)
  await bench.client.delete({ kind: 'deployment', namespace: 'shop', name: 'cart', data: false })
  expect(sleepers(seconds)).toEqual([])
})

test('init containers run one after another to a good end, before the others; a bad end is tried again', async () => {
  const volumeMounts = [{ name: 'work', mountPath: '/work' }]
  const initContainers = [
    shell('first', 'sleep 0.2; echo first >> $VOLUME_WORK/order', { volumeMounts }),
    shell('second', 'echo second >> $VOLUME_WORK/order; [ "$(grep -c second $VOLUME_WORK/order)" = 2 ]', {
      volumeMounts
    })
  ]
  const sidecars = [shell('reader', 'cat $VOLUME_WORK/order; exec sleep 1000', { volumeMounts })]
  await bench.client.apply([cart({ initContainers, sidecars, volumes: [{ name: 'work', emptyDir: {} }] })])
  expect(container('cart')).toMatchObject({ state: 'waiting', pid: null, ready: false })
  await healthy()
  expect(pod().containers.map(({ name, state, restarts }) => `${name} ${state} ${restarts}`)).toEqual([
    'first done 0',
    'second done 1',
    'cart running 0',
    'reader running 0'
  ])
  await expect.poll(() => logs('reader'), soon).toEqual(['first', 'second', 'second'])
  expect(await logs('second')).toEqual(['ended with 1', 'ended with 0'])
})

test('an init container that never ends well: the workload says which, and why', async () => {
  await bench.client.apply([cart({ initContainers: [shell('migrate', 'exit 7')] })])
  await expect
    .poll(() => bench.local.objects().workloads[0]?.message, soon)
    .toMatch(/^Pod cart-\S+: container migrate ended with 7; starts again [\d.]+ s later\.$/)
})

test('output is kept on disk, by container, across restarts, and never grows beyond its limit', async () => {
  // well beyond two files' worth: a file that is full is moved before there is a next one
  const noise = 'i=0; while [ $i -lt 40 ]; do head -c 65536 /dev/zero | tr "\\0" x | fold -w 1023; i=$((i+1)); done'
  await bench.client.apply([cart({ sidecars: [shell('noise', `${noise}; echo; echo done; exec sleep 1000`)] })])
  await expect.poll(() => logs('noise', 1), { timeout: 15_000 }).toEqual(['done'])
  const folder = join(bench.folder, 'logs/shop', pod().name)
  const sizes = await Promise.all(readdirSync(folder).map(async (file) => (await stat(join(folder, file))).size))
  expect(
    readdirSync(folder)
      .filter((file) => file.startsWith('noise'))
      .sort()
  ).toEqual(['noise.log', 'noise.log.1'])
  expect(Math.max(...sizes)).toBeLessThan(1.2 * 2 ** 20)
  bench.local.killContainer(pod().uid, { container: 'noise', signal: 'SIGKILL' })
  await expect.poll(() => logs('noise', 2), { timeout: 15_000 }).toEqual(['done', 'ended with SIGKILL'])
})

test('a log is followed line by line until its pod is gone', async () => {
  const script = 'echo one; trap "echo bye; exit 0" TERM; echo two; while :; do sleep 0.05; done'
  await bench.client.apply([cart({ sidecars: [shell('talk', script)] })])
  await expect.poll(() => logs('talk'), soon).toEqual(['one', 'two'])
  let text = ''
  const write = (more: string) => {
    text += more
  }
  const wish = { namespace: 'shop', pod: pod().name, container: 'talk', tail: 1 }
  const followed = bench.client.followLogs(wish, { signal: new AbortController().signal, write })
  await expect.poll(() => text, soon).toBe('two\n')
  await bench.client.delete({ kind: 'deployment', namespace: 'shop', name: 'cart', data: false })
  await followed
  expect(text).toMatch(/^two\n(Terminated\n)?bye\n/)
})

test('following ends when one has enough, and a pod or container that is not there is named', async () => {
  await bench.client.apply([cart()])
  await healthy()
  const stop = new AbortController()
  const wish = { namespace: 'shop', pod: pod().name }
  const followed = bench.client.followLogs(wish, { signal: stop.signal, write: () => stop.abort() })
  bench.local.killContainer(pod().uid, { container: null, signal: 'SIGKILL' })
  await followed
  const unknown = { signal: stop.signal, write: () => undefined }
  await expect(bench.client.logs({ ...wish, container: 'x' })).rejects.toThrow(/has no container x; it has cart/)
  await expect(bench.client.logs({ namespace: 'shop', pod: 'x' })).rejects.toThrow(/no pod x.*Known are: cart-/)
  await expect(
    bench.client.followLogs({ namespace: 'shop', pod: 'x' }, { ...unknown, signal: new AbortController().signal })
  ).rejects.toThrow(/no pod x/)
})

function sleepers(seconds: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1') === `sleep\0${seconds}\0`
    } catch {
      return false
    }
  })
}
