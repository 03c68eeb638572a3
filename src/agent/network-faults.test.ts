import { Agent, type ClientRequest, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { soon } from '../../test/harness/soon.ts'
import { openFaultBench } from './fixtures/fault-bench.ts'

let bench: Awaited<ReturnType<typeof openFaultBench>>

beforeAll(async () => {
  bench = await openFaultBench()
})
afterAll(() => bench.close())
beforeEach(() => bench.ready())

const ALL = { TOTAL_CHAOS_DURATION: '60', PODS_AFFECTED_PERC: '100' }

/** One request over a connection of its own; null = no answer in time. */
async function ask(path = '/', patience = 3000): Promise<{ body: string; ms: number } | null> {
  const began = performance.now()
  try {
    const signal = AbortSignal.timeout(patience)
    const answer = await fetch(bench.url(path), { headers: { connection: 'close' }, signal })
    return { body: await answer.text(), ms: performance.now() - began }
  } catch {
    return null
  }
}

/** Requests over one connection that stays open. */
function keptConnection() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    ask: () =>
      new Promise<string>((resolve, reject) => {
        const request: ClientRequest = get(bench.url(), { agent }, (response) => void text(response).then(resolve))
        request.on('error', reject)
      }),
    close: () => agent.destroy()
  }
}

const cleared = () => expect(bench.local.toxics()).toEqual([])

test('pod-network-loss of 100 % lets nothing through, on new and on open connections, until it is stopped', async () => {
  const open = keptConnection()
  expect(await open.ask()).toMatch(/^shop\/cart:v1/)
  const harm = bench.begin('pod-network-loss', ALL)
  expect(await harm.inForce()).toMatch(/^a loss of 100 % in force on cart-/)
  const stalled = open.ask()
  const late = ask('/', 8000)
  expect(await ask('/', 400)).toBeNull()
  expect(await Promise.race([stalled, new Promise((resolve) => setTimeout(resolve, 300, 'nothing'))])).toBe('nothing')
  expect(await harm.stop()).toBeLessThan(4000)
  expect(harm.result()).toMatchObject({ recovery: 'clean' })
  // what was stalled goes on, as what TCP sends again does
  expect(await stalled).toMatch(/^shop\/cart:v1/)
  expect((await late)?.body).toMatch(/^shop\/cart:v1/)
  expect((await ask())?.ms).toBeLessThan(1000)
  open.close()
  cleared()
})

test('pod-network-loss of a share stalls about that share of the connections', async () => {
  const harm = bench.begin('pod-network-loss', { ...ALL, NETWORK_PACKET_LOSS_PERCENTAGE: '40' })
  await harm.inForce()
  const answers = await Promise.all(Array.from({ length: 120 }, () => ask('/', 2500)))
  const lost = answers.filter((answer) => answer === null).length
  expect(lost).toBeGreaterThan(20)
  expect(lost).toBeLessThan(80)
  await harm.stop()
  // a client may have opened another connection for a request than the one it used
  const { touched, seen } = harm.felt()
  expect(seen).toBeGreaterThanOrEqual(120)
  expect(seen).toBeLessThanOrEqual(240)
  expect(Math.abs(touched - lost)).toBeLessThanOrEqual(seen - 120)
  expect(await ask()).not.toBeNull()
  cleared()
})

test('a shape that nothing came by says so', async () => {
  const harm = bench.begin('pod-network-latency', { ...ALL, TOTAL_CHAOS_DURATION: '1' })
  expect(await harm.ended).toBe('completed')
  expect(harm.evidence('recovering')).toEqual([
    expect.stringMatching(/^undoing pod-network-latency on cart-\S+: no traffic was seen, nothing felt it$/),
    expect.stringMatching(/nothing felt it$/)
  ])
})

test('pod-network-rate-limit holds what pods send to its rate, and no longer when it is over', async () => {
  const tunables = { ...ALL, NETWORK_BANDWIDTH: '400kbit', BURST: '10kb' }
  const harm = bench.begin('pod-network-rate-limit', tunables)
  expect(await harm.inForce()).toMatch(/^50000 bytes\/s \(burst 10240 bytes\) in force/)
  const limited = await ask('/big/60000')
  expect(limited?.body).toHaveLength(60_000)
  // 60000 bytes less the burst, at 50000 in a second
  expect(limited?.ms).toBeGreaterThan(900)
  expect(limited?.ms).toBeLessThan(2500)
  const cut = ask('/big/400000', 5000)
  await soon(() => expect(bench.local.toxics()).toHaveLength(2))
  expect(await harm.stop()).toBeLessThan(4000)
  const rest = await cut
  expect(rest?.body).toHaveLength(400_000)
  expect(rest?.ms).toBeLessThan(3000)
  cleared()
})

test('pod-network-latency delays an answer once, however many pieces it comes in', async () => {
  const harm = bench.begin('pod-network-latency', { ...ALL, NETWORK_LATENCY: '700' })
  await harm.inForce()
  for (const path of ['/', '/big/400000']) {
    const answer = await ask(path)
    expect(answer?.ms).toBeGreaterThan(690)
    expect(answer?.ms).toBeLessThan(1300)
  }
  const open = keptConnection()
  for (const _ of ['first', 'second']) {
    const began = performance.now()
    await open.ask()
    expect(performance.now() - began).toBeGreaterThan(690)
  }
  open.close()
  await harm.stop()
  cleared()
})

test('pod-network-latency that is stopped lets go at once what it still holds', async () => {
  const harm = bench.begin('pod-network-latency', { ...ALL, NETWORK_LATENCY: '60000' })
  await harm.inForce()
  const held = ask('/', 5000)
  expect(await ask('/', 400)).toBeNull()
  expect(await harm.stop()).toBeLessThan(4000)
  expect((await held)?.body).toMatch(/^shop\/cart:v1/)
  cleared()
})

test('no more pods than the guardrail allows, and one after another not longer than it allows', async () => {
  const few = { allowedNamespaces: ['shop'], maxTargets: 1, maxDurationSeconds: 90 }
  const many = bench.begin('pod-network-loss', ALL, few)
  expect(await many.ended).toBe('error')
  expect(many.result()?.evidence).toMatch(/2 pods would be hit, the guardrail allows 1/)
  const long = bench.begin('pod-network-loss', { ...ALL, SEQUENCE: 'serial' }, { ...few, maxTargets: 2 })
  expect(await long.ended).toBe('error')
  expect(long.result()?.evidence).toMatch(/2 targets one after another take 120 s, the guardrail allows 90 s/)
  cleared()
})
