import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bench, openBench } from './fixtures/bench.ts'
import { cart, cartService } from './fixtures/workloads.ts'
import type { PodView, WorkloadView } from './index.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openBench()
})
afterEach(() => bench.close())

const pods = async (): Promise<PodView[]> => (await bench.client.get({ kind: 'pod' })).pods
const images = async () => (await pods()).map((pod) => pod.images.cart)
const soon = { timeout: 8000, interval: 25 }

async function deployment(): Promise<WorkloadView> {
  const [found] = (await bench.client.get({ kind: 'deployment' })).workloads
  if (found === undefined) throw new Error('no deployment')
  return found
}

const becomes = (rollout: string) => expect.poll(async () => (await deployment()).rollout, soon).toBe(rollout)
const setImage = (image: string) =>
  bench.client.setImage({ kind: 'deployment', namespace: 'shop', name: 'cart', images: { cart: image } })

async function port(): Promise<number> {
  return (await bench.client.get({ kind: 'svc' })).services[0]?.port ?? 0
}

/** one request over a connection of its own, as most clients of a Service make it */
async function ask(path = '/', to?: number): Promise<string> {
  const url = `http://127.0.0.1:${to ?? (await port())}${path}`
  const answer = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(3000) })
  return answer.text()
}

/** Looks and asks without a pause while the work is under way. */
async function watch(work: () => Promise<unknown>) {
  const seen: { ready: number; live: number }[] = []
  const answers: string[] = []
  const service = await port()
  let over = false
  const looking = (async () => {
    while (!over) {
      const found = (await pods()).filter((pod) => pod.phase !== 'terminating')
      seen.push({ ready: found.filter((pod) => pod.ready).length, live: found.length })
      answers.push(await ask('/', service).catch((error) => `failed: ${error.cause ?? error}`))
    }
  })()
  await work()
  over = true
  await looking
  return { seen, answers }
}

test('what is applied runs, gets ready, and answers behind its Service; the same again changes nothing', async () => {
  const first = await bench.client.apply([cart({ replicas: 2 }), cartService()])
  expect(first.map(({ object, action }) => `${object} ${action}`)).toEqual([
    'deployment/cart created',
    'service/cart created'
  ])
  await becomes('healthy')
  expect(await deployment()).toMatchObject({ replicas: 2, readyReplicas: 2, containers: [{ image: 'cart:v1' }] })
  const answered = new Set(await Promise.all([ask(), ask(), ask(), ask()]))
  expect([...answered].sort()).toEqual((await pods()).map((pod) => `cart:v1 ${pod.name}`).sort())
  const again = await bench.client.apply([cart({ replicas: 2 }), cartService()])
  expect(again.map(({ action }) => action)).toEqual(['unchanged', 'unchanged'])
})

test('a pod is ready only when its probe says so', async () => {
  await bench.client.apply([cart({ image: 'cart:slow' }), cartService()])
  await expect.poll(async () => (await pods())[0]?.phase, soon).toBe('running')
  expect((await deployment()).rollout).toBe('progressing')
  await expect(ask()).rejects.toThrow()
  await becomes('healthy')
  expect(await ask()).toMatch(/^cart:slow/)
})

test('a process that ends is started again in its pod; scaling down ends what is too many', async () => {
  await bench.client.apply([cart({ replicas: 2 }), cartService()])
  await becomes('healthy')
  await ask('/crash').catch(() => undefined)
  await expect.poll(async () => (await pods()).map((pod) => pod.restarts).sort(), soon).toEqual([0, 1])
  await expect.poll(async () => (await deployment()).readyReplicas, soon).toBe(2)
  await bench.client.apply([cart({ replicas: 1 })])
  await expect.poll(async () => (await pods()).length, soon).toBe(1)
})

describe('a rolling update', () => {
  const cases = [
    { replicas: 2, maxSurge: 1, maxUnavailable: 0 },
    { replicas: 3, maxSurge: 0, maxUnavailable: 1 },
    { replicas: 4, maxSurge: '25%', maxUnavailable: '25%' }
  ]
  test.each(cases)('with %o keeps the promised number serving', async (wish) => {
    const [most, least] = [wish.replicas + Number.parseInt(`${wish.maxSurge}`, 10), wish.replicas - 1]
    await bench.client.apply([cart(wish), cartService()])
    await becomes('healthy')
    const { seen, answers } = await watch(async () => {
      await setImage('cart:slow')
      await becomes('healthy')
    })
    expect(Math.min(...seen.map(({ ready }) => ready))).toBeGreaterThanOrEqual(
      wish.maxUnavailable === 0 ? wish.replicas : least
    )
    expect(Math.max(...seen.map(({ live }) => live))).toBeLessThanOrEqual(wish.maxSurge === '25%' ? 5 : most)
    expect(answers.filter((answer) => !/^cart:(v1|slow)/.test(answer))).toEqual([])
    await expect.poll(images, soon).toEqual(Array(wish.replicas).fill('cart:slow'))
  })

  test('to an image that never gets ready leaves the old pods serving, is told as failed, and the next mends it', async () => {
    await bench.client.apply([cart({ replicas: 2, progressDeadlineSeconds: 1 }), cartService()])
    await becomes('healthy')
    const { answers } = await watch(async () => {
      await setImage('cart:never')
      await becomes('failed')
    })
    expect(answers.filter((answer) => !answer.startsWith('cart:v1'))).toEqual([])
    expect((await images()).filter((image) => image === 'cart:v1')).toHaveLength(2)
    expect((await deployment()).message).toMatch(/within 1 s/)
    await setImage('cart:v3')
    await becomes('healthy')
    await expect.poll(images, soon).toEqual(['cart:v3', 'cart:v3'])
  })
})

test('a pod that crashes again and again is tried at growing intervals, and its log says how it ended', async () => {
  await bench.client.apply([cart({ image: 'cart:crash' })])
  await expect.poll(async () => (await pods())[0]?.restarts, soon).toBeGreaterThan(2)
  const [before] = await pods()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  expect(((await pods())[0]?.restarts ?? 0) - (before?.restarts ?? 0)).toBeLessThanOrEqual(2)
  expect(await bench.client.logs({ namespace: 'shop', pod: before?.name ?? '' })).toContain('ended with 3')
})

test('a restart of the agent brings back the same workloads, with the same uid and port', async () => {
  await bench.client.apply([cart({ replicas: 2 }), cartService()])
  await becomes('healthy')
  const [uid, service] = [(await deployment()).uid, await port()]
  await bench.restart()
  await expect.poll(async () => (await deployment()).readyReplicas, soon).toBe(2)
  expect([(await deployment()).uid, await port()]).toEqual([uid, service])
  expect(await ask('/', service)).toMatch(/^cart:v1/)
})

test('a port in use is named, nothing is changed, and the Service keeps serving on its old one', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const taken = (other.address() as { port: number }).port
  try {
    await bench.client.apply([cart(), cartService()])
    await becomes('healthy')
    const changed = bench.client.apply([cart({ image: 'cart:v2' }), cartService(taken)])
    await expect(changed).rejects.toMatchObject({
      code: 'local/port-in-use',
      message: expect.stringMatching(new RegExp(`Port ${taken} is in use by another program`))
    })
    expect(await ask()).toMatch(/^cart:v1/)
    expect(await images()).toEqual(['cart:v1'])
  } finally {
    other.close()
  }
})

test('set image says what it does not know', async () => {
  await bench.client.apply([cart()])
  const set = (name: string, container: string, image = 'x') =>
    bench.client.setImage({ kind: 'deployment', namespace: 'shop', name, images: { [container]: image } })
  await expect(set('basket', 'cart')).rejects.toThrow(
    /There is no deployment\/basket.*Known are: shop\/deployment\/cart/
  )
  await expect(set('cart', 'main')).rejects.toThrow('deployment/cart has no container main; it has cart.')
  await expect(set('cart', 'cart', 'x\0y')).rejects.toThrow(/image of cart is not a text/)
})
