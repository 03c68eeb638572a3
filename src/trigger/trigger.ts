import type { Observation } from '../domain/index.ts'
import { type Clock, type Logger, Loop, newId } from '../platform/index.ts'
import { notify, type Store } from '../store/index.ts'
import {
  type ChangeRow,
  comparedBefore,
  decideChange,
  dueChanges,
  insertChange,
  markCompared,
  markHealthy,
  nextDue,
  type ObservationRow,
  sceneOf,
  type Tx,
  takeObservation,
  type WorkloadKey,
  waitingChange,
  workloadsToCompare
} from '../store/trigger/write.ts'
import { meaningOf } from './compare.ts'
import { countsFor } from './counts.ts'
import type { DecidableChange } from './decide.ts'
import { askedPaths, type ProjectRules, rulesFor } from './rules.ts'
import { endWith, type Settled, settle } from './settle.ts'
import { type Question, simulate } from './simulation/simulate.ts'

const IDLE_MS = 5_000

export interface TriggerOptions {
  store: Store
  clock: Clock
  log: Logger
}

/** Where a change happened, and whose rules are asked. */
interface Scene {
  infrastructure: string
  projects: readonly ProjectRules[]
  now: Date
}

/**
 * Observation → workload change → decision → run request. Each observation is compared in one transaction with the
 * last one of its workload that was compared; change, decisions and run requests are part of it, so whatever is
 * restarted, nothing is missed and nothing is decided twice.
 */
export class Trigger {
  readonly #options: TriggerOptions
  readonly #loop: Loop
  #unsubscribe: (() => void) | undefined

  constructor(options: TriggerOptions) {
    this.#options = options
    this.#loop = new Loop({
      clock: options.clock,
      turn: async (signal) => {
        await this.#drain(signal)
        return this.#restMs()
      },
      onError: (error) => {
        options.log.warn({ err: error }, 'workload changes could not be decided; trying again')
        return 1_000
      }
    })
  }

  start(): void {
    this.#unsubscribe = this.#options.store.notifier.subscribe('observation', () => this.#loop.wake())
    this.#loop.start()
  }

  /** The expressions that the policies for this infrastructure ask about its workloads. */
  askedPaths(infrastructureId: string): Promise<string[]> {
    return askedPaths(this.#options.store.db, infrastructureId)
  }

  /** What the policies of a project would make of a change; nothing is started. */
  simulate(projectId: string, question: Question) {
    const { store, clock } = this.#options
    return simulate(store.db, projectId, { question, now: clock.now() })
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.()
    await this.#loop.stop()
  }

  async #drain(signal: AbortSignal): Promise<void> {
    while (await this.#compareSome(signal));
    await this.#transaction((tx) => this.#settleDue(tx))
  }

  /** until something is due, and not longer than what nobody told of may wait */
  async #restMs(): Promise<number> {
    const due = await nextDue(this.#options.store.db)
    const ms = due === null ? IDLE_MS : due.getTime() - this.#options.clock.now().getTime()
    return Math.min(IDLE_MS, Math.max(0, ms))
  }

  /** false: nothing is left to compare, or others compare it */
  async #compareSome(signal: AbortSignal): Promise<boolean> {
    let compared = false
    for (const workload of await workloadsToCompare(this.#options.store.db)) {
      if (signal.aborted) return false
      if (await this.#transaction((tx) => this.#compareNext(tx, workload))) compared = true
    }
    return compared
  }

  /** false: nothing was compared */
  async #compareNext(tx: Tx, workload: WorkloadKey): Promise<boolean> {
    const row = await takeObservation(tx, workload)
    if (row === undefined) return false
    const scene = await this.#sceneOf(tx, row.infrastructureId)
    const waiting = await waitingChange(tx, row)
    const known = { last: await comparedBefore(tx, row), waitingSince: waiting?.before }
    const meaning = meaningOf(row.body, known, countsFor(scene.infrastructure, scene.projects))
    if (meaning.kind === 'changed') {
      if (waiting) await this.#end(tx, waiting, { scene, reason: SUPERSEDED, kind: null })
      await this.#open(tx, row, { scene, before: meaning.before })
    } else if (waiting && meaning.kind === 'rollout-healthy') {
      await this.#healthy(tx, waiting, { scene, seen: row.body })
    } else if (waiting && (meaning.kind === 'rolled-back' || meaning.kind === 'rollout-failed')) {
      await this.#end(tx, waiting, { scene, kind: meaning.kind, reason: ENDINGS[meaning.kind] })
    }
    await markCompared(tx, row, scene.now)
    return true
  }

  async #sceneOf(tx: Tx, infrastructureId: string): Promise<Scene> {
    const { name, projects } = await sceneOf(tx, infrastructureId)
    return { infrastructure: name, projects: await rulesFor(tx, projects), now: this.#options.clock.now() }
  }

  /** Stores the change, and decides at once for whom nothing is to be waited for. */
  async #open(tx: Tx, row: ObservationRow, { scene, before }: { scene: Scene; before: Observation }): Promise<void> {
    const { infrastructureId, uid, number, body: after } = row
    const { kind, namespace, name } = after
    const { now } = scene
    const healthyAt = after.rollout === 'healthy' ? now : null
    const change = { id: newId(now), infrastructureId, uid, number, kind, namespace, name, createdAt: now, healthyAt }
    const settling = { ...change, before, after }
    const { projects } = scene
    const settled = await settle(tx, { row: change, isNew: true, change: decidable(settling, scene), projects, now })
    const { decisions, lookAt } = settled
    const states = { before: JSON.stringify(before), after: JSON.stringify(after) }
    const ended =
      lookAt === null ? { state: 'decided' as const, decidedAt: now } : { state: 'waiting' as const, decidedAt: null }
    await insertChange(tx, { ...change, ...states, lookAt, ...ended }, decisions)
    this.#options.log.info({ change: change.id, workload: `${namespace}/${kind}/${name}` }, 'workload change seen')
    await this.#tell(tx, change.id, { decisions, scene })
  }

  /** Labels and annotations may be newer than the change, and so may what to run be; numbers name the change. */
  async #healthy(tx: Tx, change: ChangeRow, { scene, seen }: { scene: Scene; seen: Observation }): Promise<void> {
    const healthyAt = change.healthyAt ?? scene.now
    if (change.healthyAt === null) await markHealthy(tx, change.id, healthyAt)
    await this.#settle(tx, { ...change, healthyAt, after: { ...seen, number: change.number } }, scene)
  }

  async #settleDue(tx: Tx): Promise<void> {
    for (const change of await dueChanges(tx, this.#options.clock.now()))
      await this.#settle(tx, change, await this.#sceneOf(tx, change.infrastructureId))
  }

  async #settle(tx: Tx, row: Settling, scene: Scene): Promise<void> {
    const { projects, now } = scene
    await this.#store(
      tx,
      row,
      await settle(tx, { row, isNew: false, change: decidable(row, scene), projects, now }),
      scene
    )
  }

  async #end(tx: Tx, row: ChangeRow, how: { scene: Scene } & Parameters<typeof endWith>[2]): Promise<void> {
    const { scene, ...ending } = how
    const { projects, now } = scene
    await this.#store(tx, row, await endWith(tx, { change: decidable(row, scene), projects, now }, ending), scene)
  }

  async #store(tx: Tx, { id }: Settling, { decisions, lookAt }: Settled, scene: Scene): Promise<void> {
    await decideChange(tx, id, { decisions, lookAt, now: scene.now })
    await this.#tell(tx, id, { decisions, scene })
  }

  async #tell(tx: Tx, id: string, { decisions, scene }: Pick<Settled, 'decisions'> & { scene: Scene }): Promise<void> {
    for (const { outcome, reason } of decisions)
      this.#options.log.info({ change: id, outcome, reason }, 'workload change decided')
    const events = scene.projects.map(({ projectId: project }) => ({ project, topic: 'changes', id: null }))
    await notify(tx, 'stream', ...events.map((event) => JSON.stringify(event)))
  }

  #transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#options.store.db.transaction().execute(work)
  }
}

type Settling = Pick<ChangeRow, 'id' | 'infrastructureId' | 'before' | 'after' | 'createdAt' | 'healthyAt'>

function decidable({ id, infrastructureId, before, after }: Settling, { infrastructure }: Scene): DecidableChange {
  return { id, infrastructureId, infrastructure, kind: 'changed', before, after }
}

const SUPERSEDED = 'The workload changed again before this was decided; the newer change counts.'
const ENDINGS = {
  'rolled-back': 'It was changed back before this was decided.',
  'rollout-failed': 'The rollout failed.'
} as const
