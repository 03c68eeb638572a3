import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Fact, isFinal, type PlanStep, type ProbeSpec } from '../domain/index.ts'
import { faultStep } from '../engine/fixtures/stage.ts'
import { Channel, runTask } from './fixtures/channel.ts'

let folder: string
let channel: Channel
const running: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-crash-'))
  await mkdir(join(folder, 'local'))
  channel = await Channel.open()
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => end(child, 'SIGTERM')))
  await channel.close()
  await rm(folder, { recursive: true, force: true })
})

async function startAgent(): Promise<ChildProcess> {
  const file = join(import.meta.dirname, 'fixtures', 'agent-process.ts')
  const child = spawn(process.execPath, [file, folder, channel.url.href], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  if (child.stdout === null) throw new Error('no output')
  await once(child.stdout, 'data')
  return child
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  running.splice(running.indexOf(child), running.includes(child) ? 1 : 0)
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** processes that the agent's runtime has started: pods, and whatever a fault put beside them */
async function marked(): Promise<string[]> {
  const { mark } = JSON.parse(await readFile(join(folder, 'local', 'desired.json'), 'utf8')) as { mark: string }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const environs = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')))
  return pids.filter((_, index) => environs[index]?.includes(`=${mark}\0`))
}

const facts = (run: string): Fact[] => channel.facts.get(run) ?? []
const stages = (run: string) => facts(run).flatMap((fact) => (fact.type === 'injection' ? [fact.stage] : []))
const soon = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: 15_000, interval: 50 })

const ended = (run: string) =>
  soon(() => {
    const last = facts(run).at(-1)
    if (last?.type !== 'run-phase' || !isFinal(last.phase)) throw new Error(`${run}: ${JSON.stringify(last)}`)
    return last
  })

function http(mode: ProbeSpec['mode'], more: object = {}): ProbeSpec {
  const runProperties = { timeoutMs: 2000, intervalMs: 200, attempts: 1, initialDelayMs: 0, stopOnFailure: false }
  const method = { get: { criteria: '==', responseCode: '200', ...more } }
  const inputs = { url: 'http://cart.shop.svc.cluster.local/', method }
  return { name: `cart answers (${mode})`, type: 'httpProbe', mode, runProperties, inputs }
}

function settled(probes: readonly ProbeSpec[]): PlanStep[] {
  const shopUp: ProbeSpec = { ...http('SOT'), runProperties: { ...http('SOT').runProperties, attempts: 30 } }
  const few = { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '1', NETWORK_LATENCY: '300' }
  return [
    faultStep('kill', { fault: 'pod-delete', tunables: { ...few, NETWORK_LATENCY: '' }, probes: [shopUp, ...probes] }),
    faultStep('slow', { tunables: { ...few, CHAOS_INTERVAL: '', PODS_AFFECTED_PERC: '100' }, probes }, ['kill'])
  ]
}

test('real faults on real processes, judged by real requests', async () => {
  await startAgent()
  channel.tasks = [runTask('run-a', settled([http('Continuous'), http('EOT')]))]
  expect(await ended('run-a')).toMatchObject({ phase: 'completed', reason: null })
  const results = facts('run-a').filter((fact) => fact.type === 'fault-result')
  expect(results).toMatchObject([
    { step: 'kill', verdict: 'pass', probeSuccess: 100, recovery: 'clean' },
    { step: 'slow', verdict: 'pass', probeSuccess: 100, recovery: 'clean' }
  ])
  const during = facts('run-a').flatMap((fact) =>
    fact.type === 'probe-check' && fact.step === 'slow' && fact.mode === 'Continuous' ? [fact.ms] : []
  )
  expect(Math.max(...during)).toBeGreaterThanOrEqual(290)
  expect(await readdir(join(folder, 'journal'))).toEqual([])
})

test.each([
  ['pod-network-latency', { TOTAL_CHAOS_DURATION: '60', PODS_AFFECTED_PERC: '100' }],
  ['pod-network-loss', { TOTAL_CHAOS_DURATION: '60' }],
  ['pod-network-rate-limit', { TOTAL_CHAOS_DURATION: '60' }],
  ['pod-cpu-hog', { TOTAL_CHAOS_DURATION: '60', CPU_LOAD: '20', FORCE: 'true' }],
  ['pod-memory-hog', { TOTAL_CHAOS_DURATION: '60', MEMORY_CONSUMPTION: '50' }],
  ['disk-fill', { TOTAL_CHAOS_DURATION: '60' }],
  ['pod-pause', { TOTAL_CHAOS_DURATION: '60', PODS_AFFECTED_PERC: '100' }],
  ['container-kill', { TOTAL_CHAOS_DURATION: '60', CHAOS_INTERVAL: '30' }],
  ['pod-http-status-code', { TOTAL_CHAOS_DURATION: '60' }],
  ['pod-http-latency', { TOTAL_CHAOS_DURATION: '60' }],
  ['pod-http-reset-peer', { TOTAL_CHAOS_DURATION: '60' }],
  ['pod-http-modify-header', { TOTAL_CHAOS_DURATION: '60', HEADERS_MAP: '{"x-a":"b"}' }],
  ['pod-http-modify-body', { TOTAL_CHAOS_DURATION: '60' }],
  ['pod-delete', { TOTAL_CHAOS_DURATION: '60', CHAOS_INTERVAL: '30' }]
])('an agent killed in the middle of %s undoes it at its next start, and says so', async (fault, tunables) => {
  const first = await startAgent()
  const shopUp: ProbeSpec = { ...http('SOT'), runProperties: { ...http('SOT').runProperties, attempts: 30 } }
  channel.tasks = [runTask('run-a', [faultStep('harm', { fault, tunables, probes: [shopUp] })])]
  await soon(() => expect(stages('run-a')).toContain('effect-proved'))
  expect(await marked()).not.toEqual([])
  await end(first, 'SIGKILL')
  expect(await readdir(join(folder, 'journal'))).not.toEqual([])
  await soon(async () => expect(await marked()).toEqual([]))
  await startAgent()
  expect(await ended('run-a')).toMatchObject({ phase: 'error', reason: expect.stringMatching(/undid what it had/) })
  expect(stages('run-a').at(-1)).toBe('recovered')
  expect(facts('run-a').find((fact) => fact.type === 'fault-result')).toMatchObject({ recovery: 'clean' })
  expect(await readdir(join(folder, 'journal'))).toEqual([])
  expect((await readdir(join(folder, 'local'), { recursive: true })).filter((path) => path.includes('.fill-'))).toEqual(
    []
  )
  await soon(async () => expect(await readdir(join(folder, 'runs'))).toEqual([]))
})
