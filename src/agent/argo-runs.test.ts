import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { soon } from '../../test/harness/soon.ts'
import type { PlanStep } from '../domain/index.ts'
import type { EngineTask, RunEngine } from '../engine/index.ts'
import { Secret, silentLogger, systemClock } from '../platform/index.ts'
import { Channel, runTask } from './fixtures/channel.ts'
import { type Agent, createAgent, fileKeyStore } from './index.ts'

/** A run on Argo goes on without its agent: whoever comes next follows it, and tells nothing twice. */
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

/** Tells that a run has begun, then leaves it as it is when its agent ends; a run that was begun before it completes. */
class Following implements RunEngine {
  readonly taken: EngineTask[] = []

  run: RunEngine['run'] = async (task, { emit, signal }) => {
    this.taken.push(task)
    if (task.told.length > 0) {
      emit({ type: 'run-phase', phase: 'completed', reason: null })
      return 'completed'
    }
    emit({ type: 'run-phase', phase: 'running', reason: null })
    emit({ type: 'step-phase', step: 'look', phase: 'running', reason: null })
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    return 'running'
  }

  reap = async () => ({ recovered: 0, leaked: 0 })
}

async function agent(state = 'agent'): Promise<{ engine: Following; agent: Agent }> {
  const engine = new Following()
  const made = createAgent({
    ...{ server: channel.url, registrationToken: new Secret('token-1'), kind: 'kubernetes', engine },
    ...{ version: '0.1.0', allowCommands: false, clock: systemClock, log: silentLogger(), onGone: () => undefined },
    folder: join(folder, state),
    runOf: () => null,
    source: { start: () => undefined, workloads: () => [], onChange: () => () => undefined },
    keys: fileKeyStore(join(folder, 'agent-key.json'))
  })
  open.push(made)
  await made.start()
  return { engine, agent: made }
}

const look: PlanStep = { id: 'look', name: 'look', needs: [], action: { kind: 'delegated', what: 'script' } }
const argo = { namespace: 'argo', labels: {}, annotations: {}, spec: {} }
const plan = { workflow: 'checkout', steps: [look], deadlineSeconds: null, argo }
const told = () => (channel.facts.get('run-1') ?? []).map((fact) => `${fact.seq} ${fact.type}`)

test('an agent that is ended leaves it as it is, and goes on when it is started again', async () => {
  channel.tasks = [runTask('run-1', [], { plan })]
  const first = await agent()
  await soon(() => expect(told()).toHaveLength(2))
  open.splice(0)
  await first.agent.close()
  expect(told()).toEqual(['1 run-phase', '2 step-phase'])
  const { engine } = await agent()
  await soon(() => expect(told()).toEqual(['1 run-phase', '2 step-phase', '3 run-phase']))
  expect(engine.taken[0]?.told).toMatchObject([{ phase: 'running' }, { step: 'look' }])
})

test('one that comes up elsewhere goes on from what the server was told', async () => {
  channel.facts.set('run-1', [{ seq: 1, at: '', type: 'run-phase', phase: 'running', reason: null }])
  const before = { type: 'run-phase', phase: 'running', reason: null } as const
  channel.tasks = [runTask('run-1', [], { plan, lease: 2, lastSeq: 1, resumed: true, told: [before] })]
  const { engine } = await agent('elsewhere')
  await soon(() => expect(told()).toEqual(['1 run-phase', '2 run-phase']))
  expect(engine.taken[0]?.told).toEqual([before])
})
