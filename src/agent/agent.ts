import { join } from 'node:path'
import type { AgentTask } from '../contract/index.ts'
import type { InfrastructureKind } from '../domain/index.ts'
import type { RunEngine } from '../engine/index.ts'
import { type AppError, backoff, type Clock, type Logger, Loop, type Secret, toAppError } from '../platform/index.ts'
import { AgentKey } from './agent-key.ts'
import { privateFolder } from './durable-file.ts'
import type { KeyStore } from './key-store.ts'
import { ObservationBook } from './observation-book.ts'
import { Observer, type WorkloadSource } from './observer.ts'
import { RunHands } from './run-hands.ts'
import { createServerLink, type ServerLink } from './server-link.ts'

export interface AgentOptions {
  /** the only address that the agent dials */
  server: URL
  /** needed while no key is kept */
  registrationToken: Secret | null
  keys: KeyStore
  /** the agent's own state: facts, own guardrails */
  folder: string
  kind: InfrastructureKind
  engine: RunEngine
  /** workloads to observe */
  source: WorkloadSource
  /** the run that holds a workload now, or held it a moment ago */
  runOf: (uid: string) => string | null
  version: string
  /** probes may run commands here; told to the server */
  allowCommands: boolean
  clock: Clock
  log: Logger
  /** told once: the agent cannot work until a person has acted: it is not registered, its token was refused, its key has ended */
  onGone: (error: AppError) => void
}

export interface Agent {
  /** Undoes what an earlier process left, then works until closed. Needs no server to resolve. */
  start(): Promise<void>
  /** stops its runs (recovered first), sends what can be sent in 5 s; the rest waits on disk */
  close(): Promise<void>
}

const FLUSH_MS = 5000
const TOLD_PAUSE_MS = 200
const REAP_EVERY_MS = 30_000
const RETRY = { first: 500, factor: 1.5, cap: 15_000, jitter: 0.3 }

/** The agent's work: take runs, execute them, tell facts, observe workloads. */
export function createAgent(options: AgentOptions): Agent {
  const { folder, engine, clock, log } = options
  const server = createServerLink(options.server, options)
  const closing = new AbortController()
  const gone = once(options.onGone)
  const agentKey = new AgentKey({ ...options, server, closing: closing.signal, onGone: gone })
  const key = () => agentKey.current()
  const logs = { folder: join(folder, 'runs'), clock, log }
  const runs = new RunHands({ folder, server, key, engine, clock, log, logs })
  const lookAt = (paths: readonly string[]) => observer?.lookAt(paths)
  const polling = pollingLoop({ ...options, server, agentKey, runs, lookAt, gone, closing: closing.signal })
  const reaping = reapingLoop(runs, options)
  let observer: Observer | undefined

  return {
    start: async () => {
      await privateFolder(folder)
      await runs.takeLeft()
      const reaped = await engine.reap((run) => runs.emitFor(run))
      if (reaped.recovered + reaped.leaked > 0) log.warn(reaped, 'undid what an earlier process had left')
      runs.endLeft()
      const book = new ObservationBook(clock, options.runOf)
      observer = new Observer({ source: options.source, book, server, key, clock, log })
      observer.start()
      polling.start()
      agentKey.start()
      reaping.start()
    },
    close: async () => {
      closing.abort()
      await Promise.all([polling.stop(), observer?.stop(), agentKey.stop()])
      await runs.close(FLUSH_MS)
      const stopped = new AbortController()
      await Promise.race([reaping.stop(), clock.sleep(FLUSH_MS, stopped.signal).catch(() => undefined)])
      stopped.abort()
    }
  }
}

interface Polling extends Pick<AgentOptions, 'clock' | 'log'> {
  /** expressions whose values policies ask for */
  lookAt: (paths: readonly string[]) => void
  server: ServerLink
  agentKey: AgentKey
  runs: RunHands
  gone: (error: AppError) => void
  closing: AbortSignal
}

/** Asks for tasks as long as there is a server; when the key has ended it is forgotten, and the agent is told to end. */
function pollingLoop({ server, agentKey, runs, lookAt, gone, closing, clock, log }: Polling): Loop {
  let failures = 0
  let shown: Secret | undefined
  return new Loop({
    clock,
    turn: async (ended) => {
      shown = await agentKey.current()
      const { tasks, paths } = await server.tasks(shown, runs.ids, AbortSignal.any([ended, closing]))
      failures = 0
      lookAt(paths)
      for (const task of tasks) await runs.take(task)
      return restMs(tasks)
    },
    onError: (thrown) => {
      if (closing.aborted) return 0
      const error = toAppError(thrown)
      if (error.code === 'agent/key-ended' && shown !== undefined) {
        const tell = () => gone(error)
        void agentKey.ended(shown).then((ended) => ended && tell(), tell)
        return RETRY.cap
      }
      log.warn({ err: error }, 'no tasks from the server; trying again')
      return backoff(failures++, RETRY)
    }
  })
}

function once(tell: (error: AppError) => void): (error: AppError) => void {
  let told = false
  return (error) => {
    if (!told) tell(error)
    told = true
  }
}

/** Stops and approvals are told again and again until they are done: not without a pause. */
function restMs(tasks: readonly AgentTask[]): number {
  return tasks.length > 0 && tasks.every(({ kind }) => kind !== 'run') ? TOLD_PAUSE_MS : 0
}

/** Undo records that nobody works on are undone again and again, until they are gone. */
function reapingLoop(runs: RunHands, { engine, clock, log }: Pick<AgentOptions, 'engine' | 'clock' | 'log'>): Loop {
  return new Loop({
    clock,
    turn: async () => {
      await engine.reap((run) => runs.emitFor(run))
      return REAP_EVERY_MS
    },
    onError: (error) => {
      log.error({ err: error }, 'the journal cannot be read')
      return REAP_EVERY_MS
    }
  })
}
