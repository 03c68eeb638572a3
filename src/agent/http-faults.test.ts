import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openFaultBench } from './fixtures/fault-bench.ts'

let bench: Awaited<ReturnType<typeof openFaultBench>>

beforeAll(async () => {
  bench = await openFaultBench()
})
afterAll(() => bench.close())
beforeEach(() => bench.ready())

const ALL = { TOTAL_CHAOS_DURATION: '60', PODS_AFFECTED_PERC: '100' }

/** Requests over one connection that was open before the fault, as pools of clients have it. */
function kept() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (path = '/', method = 'GET') =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request(bench.url(path), { agent, method }, resolve).on('error', reject).end()
    })
  return { ask, body: async (path?: string) => text(await ask(path)), close: () => agent.destroy() }
}

async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const began = performance.now()
  return [await work, performance.now() - began]
}

const cleared = () => expect(bench.local.toxics()).toEqual([])

test('pod-http-status-code changes status and body, on a kept connection too, and no longer than it lasts', async () => {
  const client = kept()
  expect(await client.body()).toMatch(/^shop\/cart/)
  const harm = bench.begin('pod-http-status-code', { ...ALL, STATUS_CODE: '503', RESPONSE_BODY: 'no milk today' })
  expect(await harm.inForce()).toMatch(/^status 503 for 100 % of the requests in force on cart-/)
  const answer = await client.ask('/big/100000')
  expect([answer.statusCode, await text(answer)]).toEqual([503, 'no milk today'])
  const head = await client.ask('/', 'HEAD')
  expect([head.statusCode, await text(head)]).toEqual([503, ''])
  expect((await fetch(bench.url())).status).toBe(503)
  expect(await harm.stop()).toBeLessThan(4000)
  expect(harm.result()).toMatchObject({ recovery: 'clean' })
  expect((await client.ask()).statusCode).toBe(200)
  client.close()
  cleared()
})

test('pod-http-status-code may leave the body, and hit a share of the requests', async () => {
  const tunables = { ...ALL, MODIFY_RESPONSE_BODY: 'false', TOXICITY: '50' }
  const harm = bench.begin('pod-http-status-code', tunables)
  await harm.inForce()
  const answers = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const answer = await fetch(bench.url())
      expect(await answer.text()).toMatch(/^shop\/cart/)
      return answer.status
    })
  )
  const hit = answers.filter((status) => status === 500).length
  expect(hit + answers.filter((status) => status === 200).length).toBe(100)
  expect(hit).toBeGreaterThan(20)
  expect(hit).toBeLessThan(80)
  await harm.stop()
  expect(harm.felt()).toEqual({ touched: hit, seen: 100 })
  cleared()
})

test('pod-http-latency delays each answer once, and lets go at once when it is stopped', async () => {
  const client = kept()
  await client.body()
  const harm = bench.begin('pod-http-latency', { ...ALL, LATENCY: '400' })
  await harm.inForce()
  const [body, ms] = await timed(client.body('/big/300000'))
  expect(body).toHaveLength(300_000)
  expect(ms).toBeGreaterThanOrEqual(395)
  expect(ms).toBeLessThan(1500)
  await harm.stop()
  const long = bench.begin('pod-http-latency', { ...ALL, LATENCY: '60000' })
  await long.inForce()
  const held = client.body()
  expect(await Promise.race([held, new Promise((resolve) => setTimeout(resolve, 300, 'nothing'))])).toBe('nothing')
  expect(await long.stop()).toBeLessThan(4000)
  expect(await held).toMatch(/^shop\/cart/)
  expect((await timed(client.body()))[1]).toBeLessThan(1000)
  client.close()
  cleared()
})

test('pod-http-reset-peer resets the connection in place of the answer, after its time', async () => {
  const client = kept()
  await client.body()
  const harm = bench.begin('pod-http-reset-peer', { ...ALL, RESET_TIMEOUT: '200' })
  await harm.inForce()
  const [error, ms] = await timed(client.ask().catch((cause: NodeJS.ErrnoException) => cause.code))
  expect(error).toBe('ECONNRESET')
  expect(ms).toBeGreaterThanOrEqual(195)
  expect(await harm.stop()).toBeLessThan(4000)
  expect(await client.body()).toMatch(/^shop\/cart/)
  client.close()
  cleared()
})

test('pod-http-modify-header and pod-http-modify-body change what they say and leave the rest', async () => {
  const HEADERS_MAP = '{"X-Chaos": "yes", "Date": ""}'
  const headers = bench.begin('pod-http-modify-header', { ...ALL, HEADERS_MAP })
  await headers.inForce()
  const answer = await fetch(bench.url())
  expect([answer.headers.get('x-chaos'), answer.headers.get('date')]).toEqual(['yes', null])
  expect(await answer.text()).toMatch(/^shop\/cart/)
  await headers.stop()
  const tunables = { ...ALL, RESPONSE_BODY: '{"grüße":1}', CONTENT_TYPE: 'application/json', CONTENT_ENCODING: 'gzip' }
  const body = bench.begin('pod-http-modify-body', tunables)
  await body.inForce()
  const client = kept()
  const raw = await client.ask()
  const chunks: Buffer[] = []
  for await (const chunk of raw) chunks.push(chunk as Buffer)
  expect(gunzipSync(Buffer.concat(chunks)).toString()).toBe('{"grüße":1}')
  expect(raw.headers).toMatchObject({ 'content-type': 'application/json', 'content-encoding': 'gzip' })
  client.close()
  await body.stop()
  expect((await fetch(bench.url())).headers.get('x-chaos')).toBeNull()
  cleared()
})

test('a Service without harm makes nobody wait: neither side holds small pieces back', async () => {
  const client = kept()
  await client.body()
  const [, ms] = await timed(
    (async () => {
      for (let i = 0; i < 60; i++) await client.body()
    })()
  )
  // 40 ms for each, if an answer in two pieces waited for an acknowledgement
  expect(ms).toBeLessThan(1200)
  client.close()
})
