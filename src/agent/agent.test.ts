import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { soon } from '../../test/harness/soon.ts'
import { isFinal, type PlanStep } from '../domain/index.ts'
import { faultStep, probe, stage } from '../engine/fixtures/stage.ts'
import { type AppError, createLogger, Redactor, Secret, silentLogger, systemClock } from '../platform/index.ts'
import { Channel, runTask } from './fixtures/channel.ts'
import {
  type Agent,
  type AgentOptions,
  createAgent,
  fileKeyStore,
  type SeenWorkload,
  type WorkloadSource
} from './index.ts'

let folder: string
let channel: Channel
const open: Agent[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-agent-'))
  channel = await Channel.open()
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((agent) => agent.close()))
  await channel.close()
  await rm(folder, { recursive: true })
})

async function agent(more: Partial<AgentOptions> = {}) {
  const scene = stage({ speed: 50 })
  const gone: AppError[] = []
  const made = createAgent({
    server: channel.url,
    registrationToken: new Secret('token-1'),
    folder,
    kind: 'local',
    engine: scene.engine,
    source: workloads([]).source,
    runOf: () => null,
    keys: fileKeyStore(join(folder, 'agent-key.json')),
    version: '0.1.0',
    allowCommands: false,
    clock: scene.clock,
    log: silentLogger(),
    onGone: (error) => gone.push(error),
    ...more
  })
  open.push(made)
  await made.start()
  return { ...scene, agent: made, gone, close: () => close(made) }
}

async function close(made: Agent): Promise<void> {
  open.splice(open.indexOf(made), 1)
  await made.close()
}

function workloads(seen: SeenWorkload[]) {
  const listeners = new Set<() => void>()
  const source: WorkloadSource = {
    start: () => undefined,
    workloads: () => seen,
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    }
  }
  const change = (...next: SeenWorkload[]) => {
    seen.splice(0, seen.length, ...next)
    for (const listener of listeners) listener()
  }
  return { source, change }
}

function cart(image: string, rollout: SeenWorkload['rollout'] = 'healthy'): SeenWorkload {
  return {
    uid: 'u1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'cart',
    aspects: { image: { cart: image }, labels: { app: 'cart' } },
    rollout
  }
}

const other = (image: string): SeenWorkload => ({ ...cart(image), uid: 'u2', name: 'other' })

const ended = (run: string) =>
  soon(() => {
    const last = channel.facts.get(run)?.at(-1)
    if (last?.type !== 'run-phase' || !isFinal(last.phase)) throw new Error(`${run} has not ended`)
    return last
  })

test('it registers once, keeps its key to itself, and comes back with it', async () => {
  const first = await agent()
  await soon(() => expect(channel.holdings.length).toBeGreaterThan(0))
  await first.close()
  expect((await stat(join(folder, 'agent-key.json'))).mode & 0o777).toBe(0o600)
  await agent({ registrationToken: null })
  const polls = channel.holdings.length
  await soon(() => expect(channel.holdings.length).toBeGreaterThan(polls))
  expect(channel.registrations).toBe(1)
})

const keyFile = () => join(folder, 'agent-key.json')
const aged = async (change: object = { since: 0 }) => {
  const kept = JSON.parse(await readFile(keyFile(), 'utf8')) as object
  await writeFile(keyFile(), JSON.stringify({ ...kept, ...change }))
}
const registered = async () => {
  const first = await agent()
  await soon(() => expect(channel.holdings.length).toBeGreaterThan(0))
  await first.close()
}

test('a key that is a day old is exchanged for the next one, and ends when that is used', async () => {
  await registered()
  const day = 24 * 60 * 60 * 1000
  await aged({ since: Date.now() - day })
  const second = await agent({ registrationToken: null, clock: systemClock })
  await soon(() => expect(channel.keys).toEqual(['key-2']))
  expect((await stat(keyFile())).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(keyFile(), 'utf8'))).toMatchObject({ key: 'key-2', name: 'laptop' })
  await second.close()
  await agent({ registrationToken: null, clock: systemClock })
  const polls = channel.holdings.length
  await soon(() => expect(channel.holdings.length).toBeGreaterThan(polls))
  expect(channel.keys).toEqual(['key-2'])
  expect(second.gone).toEqual([])
})

test('a next key that cannot be kept is not used: the agent goes on with the one that it has', async () => {
  await registered()
  await aged()
  const file = fileKeyStore(keyFile())
  let full = true
  const write = async (text: string) => {
    if (full) throw new Error('no space left')
    await file.write(text)
  }
  const next = await agent({ keys: { ...file, write } })
  await soon(() => expect(channel.keys).toEqual(['key-1', 'key-2']))
  const polls = channel.holdings.length
  await soon(() => expect(channel.holdings.length).toBeGreaterThan(polls + 1))
  expect(channel.keys[0]).toBe('key-1')
  full = false
  await soon(() => expect(channel.keys).not.toContain('key-1'))
  expect(next.gone).toEqual([])
})

test.each([
  ['before it has kept the next key', false],
  ['when it has kept it and does not know', true]
])('an agent that is cut off %s comes back with a key that works', async (_, isKept) => {
  await registered()
  await aged()
  const file = fileKeyStore(keyFile())
  const write = async (text: string) => {
    if (isKept) await file.write(text)
    throw new Error('cut off')
  }
  const cut = await agent({ keys: { ...file, write }, clock: systemClock })
  await soon(() => expect(channel.keys).toEqual(['key-1', 'key-2']))
  await cut.close()
  const polls = channel.holdings.length
  const next = await agent({ registrationToken: null, clock: systemClock, keys: { ...file, write } })
  await soon(() => expect(channel.holdings.length).toBeGreaterThan(polls))
  expect(channel.keys[0]).toBe(isKept ? 'key-2' : 'key-1')
  expect(next.gone).toEqual([])
})

test('a clock that is not the server’s is told once, with how far it is off', async () => {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const log = createLogger({ level: 'warn', redactor: new Redactor(), destination })
  const clock = { ...systemClock, now: () => new Date(Date.now() + 600_000) }
  await agent({ clock, log })
  await soon(() => expect(channel.holdings.length).toBeGreaterThan(3))
  const told = lines.filter((line) => line.includes("differs from the server's"))
  expect(told).toHaveLength(1)
  expect(JSON.parse(told[0] ?? '')).toMatchObject({ aheadSeconds: expect.closeTo(600, -2) })
})

test('without a key, and with a token that is refused, it says what to do', async () => {
  const none = await agent({ registrationToken: null })
  await soon(() => expect(none.gone[0]?.code).toBe('agent/not-registered'))
  await none.close()
  const bad = await agent({ registrationToken: new Secret('another') })
  await soon(() => expect(bad.gone[0]?.message).toMatch(/used already/))
})

test('the folder of an agent of another kind of infrastructure is left alone', async () => {
  const local = await agent()
  await soon(() => expect(channel.holdings.length).toBeGreaterThan(0))
  await local.close()
  const cluster = await agent({ kind: 'kubernetes' })
  await soon(() =>
    expect(cluster.gone[0]).toMatchObject({ code: 'agent/other-kind', message: expect.stringContaining(folder) })
  )
  expect(channel.registrations).toBe(1)
})

test('when its key has ended it says so once, undoes what it did, and begins anew with another token', async () => {
  const shown = workloads([cart('shop/cart:v1')])
  const first = await agent({ source: shown.source })
  await soon(() => expect(channel.observations).toHaveLength(1))
  channel.tasks = [runTask('run-a', [faultStep('slow', { tunables: { TOTAL_CHAOS_DURATION: '600' } })])]
  await soon(() => expect(channel.facts.get('run-a')?.some((fact) => fact.type === 'injection')).toBe(true))
  channel.keyEnded = 'accounts/infrastructure-removed'
  await soon(() => expect(first.gone).toHaveLength(1))
  expect(first.gone[0]).toMatchObject({ code: 'agent/key-ended', message: 'The infrastructure laptop was removed.' })
  await first.close()
  expect(first.gone).toHaveLength(1)
  expect(await readdir(folder)).not.toContain('agent-key.json')
  channel.keyEnded = null
  const registrations = channel.registrations
  // of the new infrastructure nothing is known
  channel.observations.length = 0
  await agent({ source: shown.source })
  await soon(() => expect(channel.registrations).toBe(registrations + 1))
  await soon(() => expect(channel.observations).toMatchObject([{ uid: 'u1', number: 1 }]))
})

test('a run is taken, executed, and told without a gap; nothing of it stays behind', async () => {
  await agent()
  channel.tasks = [runTask('run-a', [faultStep('slow', { probes: [probe('p', 'Continuous')] })])]
  expect(await ended('run-a')).toMatchObject({ phase: 'completed' })
  const facts = channel.facts.get('run-a') ?? []
  expect(facts.map(({ seq }) => seq)).toEqual(facts.map((_, index) => index + 1))
  await soon(async () => expect(await readdir(join(folder, 'runs'))).toEqual([]))
  await soon(() => expect(channel.holdings.at(-1)).toBe(''))
})

test('a stop ends a run in the middle of a fault, whether it comes as a task or with the lease', async () => {
  const { target } = await agent()
  const long = faultStep('slow', { tunables: { TOTAL_CHAOS_DURATION: '500' } })
  channel.tasks = [runTask('run-a', [long])]
  await soon(() => expect(target.inForce()).toHaveLength(1))
  channel.tasks = [{ kind: 'stop', run: 'run-a', reason: 'ada stopped it' }]
  expect(await ended('run-a')).toMatchObject({ phase: 'stopped', reason: 'ada stopped it' })
  channel.tasks = [runTask('run-b', [long])]
  await soon(() => expect(target.inForce()).toHaveLength(1))
  channel.stop = 'kill switch'
  expect(await ended('run-b')).toMatchObject({ phase: 'stopped', reason: 'kill switch' })
  expect(target.inForce()).toEqual([])
})

test('without its server it ends the harm after 60 s, and tells it all when the server is back', async () => {
  const { target, clock } = await agent()
  channel.tasks = [runTask('run-a', [faultStep('slow', { tunables: { TOTAL_CHAOS_DURATION: '500' } })])]
  await soon(() => expect(target.inForce()).toHaveLength(1))
  const since = clock.now().getTime()
  channel.away = true
  await soon(() => expect(target.inForce()).toEqual([]))
  const took = clock.now().getTime() - since
  expect(took).toBeGreaterThan(45_000)
  expect(took).toBeLessThan(110_000)
  channel.away = false
  expect(await ended('run-a')).toMatchObject({ phase: 'error', reason: expect.stringMatching(/not heard of for 60 s/) })
})

test('a run that was given to another is let go of at once, recovered', async () => {
  const { target, journal } = await agent()
  channel.tasks = [runTask('run-a', [faultStep('slow', { tunables: { TOTAL_CHAOS_DURATION: '500' } })])]
  await soon(() => expect(target.inForce()).toHaveLength(1))
  channel.lost.add('run-a')
  await soon(() => expect(target.inForce()).toEqual([]))
  await soon(async () => expect(await readdir(join(folder, 'runs'))).toEqual([]))
  expect(journal.records.size).toBe(0)
})

test('a task of a run that was begun before is not executed again: it ends as agent lost', async () => {
  const { of } = await agent()
  channel.facts.set('run-a', [
    { seq: 1, at: '2026-01-01T00:00:00Z', type: 'run-phase', phase: 'running', reason: null }
  ])
  channel.tasks = [runTask('run-a', [faultStep('slow')], { resumed: true, lastSeq: 1, lease: 2 })]
  expect(await ended('run-a')).toMatchObject({ seq: 2, phase: 'error', reason: expect.stringMatching(/agent lost/) })
  expect(of('injection')).toEqual([])
})

test('a fact that the server refuses is replaced, and does not keep the others back', async () => {
  await agent()
  channel.refuse = 'targets'
  channel.tasks = [runTask('run-a', [faultStep('slow')])]
  expect(await ended('run-a')).toMatchObject({ phase: 'completed' })
  const said = (channel.facts.get('run-a') ?? []).flatMap((fact) => (fact.type === 'log' ? [fact.text] : []))
  expect(said.some((text) => /a fact could not be stored \(targets\)/.test(text))).toBe(true)
})

test('closing recovers what is under way and tells it', async () => {
  const { target, close } = await agent()
  channel.tasks = [runTask('run-a', [faultStep('slow', { tunables: { TOTAL_CHAOS_DURATION: '500' } })])]
  await soon(() => expect(target.inForce()).toHaveLength(1))
  await close()
  expect(target.inForce()).toEqual([])
  expect(channel.facts.get('run-a')?.at(-1)).toMatchObject({ phase: 'stopped', reason: 'the agent was ended' })
})

test('its own guardrails file narrows what the server allows; one that cannot be read allows nothing', async () => {
  await writeFile(join(folder, 'guardrails.json'), '{"allowedNamespaces":["elsewhere"]}')
  await agent()
  channel.tasks = [runTask('run-a', [faultStep('slow')])]
  expect(await ended('run-a')).toMatchObject({ phase: 'error', reason: expect.stringMatching(/shop is not allowed/) })
  await writeFile(join(folder, 'guardrails.json'), '{"maxTarget":1}')
  channel.tasks = [runTask('run-b', [faultStep('slow')])]
  expect(await ended('run-b')).toMatchObject({ phase: 'error', reason: expect.stringMatching(/nothing is allowed/) })
})

const told = () =>
  channel.observations.map(({ uid, number, aspects, rollout }) => `${uid} ${number} ${aspects.image?.cart} ${rollout}`)

test('observations: each net change once, numbered on, whoever was away meanwhile, with whatever folder', async () => {
  const shop = workloads([cart('cart:v1'), other('cart:v1')])
  const first = await agent({ source: shop.source })
  await soon(() => expect(told()).toEqual(['u1 1 cart:v1 healthy', 'u2 1 cart:v1 healthy']))
  channel.away = true
  shop.change(cart('cart:v2', 'progressing'), other('cart:v1'))
  await first.close()
  await rm(folder, { recursive: true })
  channel.away = false
  const second = await agent({ source: workloads([cart('cart:v2'), other('cart:v1')]).source })
  await soon(() => expect(told().slice(2)).toEqual(['u1 2 cart:v2 healthy']))
  await second.close()
  await rm(folder, { recursive: true })
  await agent({ source: workloads([other('cart:v3'), cart('cart:v2')]).source })
  await soon(() => expect(told().slice(3)).toEqual(['u2 2 cart:v3 healthy']))
})

test('what another agent has told under the same number is not lost: it is compared again', async () => {
  const shop = workloads([cart('cart:v1')])
  await agent({ source: shop.source })
  await soon(() => expect(told()).toEqual(['u1 1 cart:v1 healthy']))
  channel.observations.push({ ...cart('cart:v2'), number: 2, at: '2026-01-01T00:00:00Z' })
  shop.change(cart('cart:v3'))
  await soon(() => expect(told().slice(2)).toEqual(['u1 3 cart:v3 healthy']))
})

test('however much changes while the server is away, it is asked again after the first pause', async () => {
  const shop = workloads([cart('cart:v1')])
  const pauses: { ms: number; end: () => void }[] = []
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((end, reject) => {
      pauses.push({ ms, end })
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  await agent({ source: shop.source, clock: { now: () => new Date(), sleep } })
  await soon(() => expect(told()).toEqual(['u1 1 cart:v1 healthy']))
  channel.away = true
  const tries = () => channel.unheard.filter((path) => path.endsWith('/observations')).length
  shop.change(cart('cart:v2'))
  await soon(() => expect(pauses.at(-1)?.ms).toBeLessThan(1000))
  expect(tries()).toBe(1)
  for (const version of [3, 4, 5, 6, 7]) {
    shop.change(cart(`cart:v${version}`))
    await new Promise(setImmediate)
  }
  channel.away = false
  for (const { end } of pauses) end()
  await soon(() => expect(told().slice(1)).toEqual(['u1 3 cart:v7 healthy']))
  expect(tries()).toBe(1)
})

test('it looks at what policies ask for, also after a restart and before the server has told again', async () => {
  const asked: string[] = []
  const looking = (value: string): WorkloadSource => ({
    start: () => undefined,
    workloads: (paths) => {
      asked.push(paths.join())
      const path = Object.fromEntries(paths.map((one) => [one, value]))
      return [{ ...cart('cart:v1'), aspects: { image: { cart: 'cart:v1' }, ...(paths.length > 0 && { path }) } }]
    },
    onChange: () => () => undefined
  })
  channel.paths = ['spec.paused']
  const first = await agent({ source: looking('false') })
  await soon(() => expect(channel.observations.at(-1)?.aspects.path).toEqual({ 'spec.paused': 'false' }))
  await first.close()
  asked.length = 0
  await agent({ source: looking('true') })
  await soon(() => expect(channel.observations.at(-1)?.aspects.path).toEqual({ 'spec.paused': 'true' }))
  expect(new Set(asked)).toEqual(new Set(['spec.paused']))
})

test('a run that waits for a person goes on by the word that the server tells, also where it was long away', async () => {
  const { clock } = await agent()
  const ask: PlanStep = { id: 'ask', name: 'ask', needs: [], action: { kind: 'approval' } }
  channel.tasks = [runTask('run-9', [ask])]
  const phases = () => (channel.facts.get('run-9') ?? []).flatMap((fact) => ('phase' in fact ? [fact.phase] : []))
  await soon(() => expect(phases().at(-1)).toBe('waiting'))
  channel.away = true
  await clock.sleep(90_000)
  channel.away = false
  channel.approvals = [{ step: 'ask', outcome: 'approved', by: 'ana', reason: null }]
  channel.tasks = [{ kind: 'approval', run: 'run-9' }]
  await soon(() => expect(phases().at(-1)).toBe('completed'))
})
