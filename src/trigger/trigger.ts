import type { Observation } from '../domain/index.ts'
import { type Clock, type Logger, Loop, newId } from '../platform/index.ts'
import { notify, type Store } from '../store/index.ts'
import {
  type ChangeRow,
  comparedBefore,
  decideChange,
  grantedProjects,
  insertChange,
  markCompared,
  type NewDecision,
  type ObservationRow,
  overdueChanges,
  type Tx,
  takeObservation,
  waitingChange
} from '../store/trigger/write.ts'
import { meaningOf } from './compare.ts'
import { decide, refusal } from './decide.ts'

/** How long a change waits for a healthy rollout before it ends without a run, in ms. */
const ROLLOUT_TIMEOUT_MS = 600_000
const IDLE_MS = 5_000

export interface TriggerOptions {
  store: Store
  clock: Clock
  log: Logger
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
        return IDLE_MS
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

  async stop(): Promise<void> {
    this.#unsubscribe?.()
    await this.#loop.stop()
  }

  async #drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#transaction((tx) => this.#compareNext(tx))));
    await this.#transaction((tx) => this.#giveUpOverdue(tx))
  }

  /** false: nothing left to compare */
  async #compareNext(tx: Tx): Promise<boolean> {
    const row = await takeObservation(tx)
    if (row === undefined) return false
    const now = this.#options.clock.now()
    const waiting = await waitingChange(tx, row)
    const meaning = meaningOf(row.body, { last: await comparedBefore(tx, row), waitingSince: waiting?.before })
    switch (meaning.kind) {
      case 'changed':
        if (waiting) await this.#end(tx, waiting, [refusal(waiting, now, { reason: SUPERSEDED })])
        await this.#open(tx, row, meaning.before)
        break
      case 'rolled-back':
        if (waiting) await this.#end(tx, waiting, [refusal(waiting, now, { reason: ROLLED_BACK })])
        break
      case 'rollout-failed':
        if (waiting) await this.#end(tx, waiting, [refusal(waiting, now, { reason: ROLLOUT_FAILED })])
        break
      case 'rollout-healthy':
        if (waiting)
          await this.#end(tx, waiting, await decide(tx, { ...waiting, after: afterOf(waiting, row.body) }, now))
        break
      case 'nothing':
    }
    await markCompared(tx, row, now)
    return true
  }

  /** Stores the change; where its rollout is healthy already, it is decided in the same breath. */
  async #open(tx: Tx, row: ObservationRow, before: Observation): Promise<void> {
    const now = this.#options.clock.now()
    const { infrastructureId, uid, number, body: after } = row
    const { kind, namespace, name } = after
    const id = newId(now)
    await insertChange(tx, {
      id,
      infrastructureId,
      uid,
      number,
      kind,
      namespace,
      name,
      before: JSON.stringify(before),
      after: JSON.stringify(after),
      state: 'waiting',
      createdAt: now,
      decidedAt: null
    })
    this.#options.log.info({ change: id, workload: `${namespace}/${kind}/${name}` }, 'workload change seen')
    if (after.rollout === 'healthy')
      await this.#end(tx, { id, infrastructureId }, await decide(tx, { id, infrastructureId, before, after }, now))
    else await this.#announce(tx, infrastructureId)
  }

  async #giveUpOverdue(tx: Tx): Promise<void> {
    const now = this.#options.clock.now()
    for (const change of await overdueChanges(tx, new Date(now.getTime() - ROLLOUT_TIMEOUT_MS))) {
      await this.#end(tx, change, [refusal(change, now, { reason: OVERDUE })])
    }
  }

  async #end(tx: Tx, change: Pick<ChangeRow, 'id' | 'infrastructureId'>, decisions: NewDecision[]): Promise<void> {
    await decideChange(tx, change.id, decisions, this.#options.clock.now())
    for (const { outcome, reason } of decisions)
      this.#options.log.info({ change: change.id, outcome, reason }, 'workload change decided')
    await this.#announce(tx, change.infrastructureId)
  }

  async #announce(tx: Tx, infrastructureId: string): Promise<void> {
    for (const project of await grantedProjects(tx, infrastructureId)) {
      await notify(tx, 'stream', JSON.stringify({ project, topic: 'changes', id: null }))
    }
  }

  #transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#options.store.db.transaction().execute(work)
  }
}

/** The change's own observation number, with the workload as it is now: numbers name the change, annotations may be newer. */
function afterOf(change: ChangeRow, now: Observation): Observation {
  return { ...now, number: change.number }
}

const SUPERSEDED = 'The image changed again before the rollout was healthy; the newer change counts.'
const ROLLED_BACK = 'The image was changed back before the rollout was healthy.'
const ROLLOUT_FAILED = 'The rollout failed.'
const OVERDUE = `The rollout was not healthy within ${ROLLOUT_TIMEOUT_MS / 60_000} minutes.`
