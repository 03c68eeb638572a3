import type { AgentTask, Renewed } from '../contract/index.ts'
import type { FaultCatalogue, Guardrails } from '../domain/index.ts'
import { AppError, type Clock, type Logger, Loop } from '../platform/index.ts'
import {
  type Db,
  grantedInfrastructures,
  guardrailsOf,
  nextStart,
  openEdits,
  runnableDefinitionByName,
  type Store
} from '../store/index.ts'
import { saveGuardrails } from '../store/runs/write.ts'
import { admitNext } from './admission.ts'
import { admit } from './admit.ts'
import { type ApprovalOrder, approve } from './approve.ts'
import { endAbandoned, skipOverdue, stopRun } from './ending.ts'
import { engage, killReason, release } from './kill-switch.ts'
import { renew, tasksFor } from './leasing.ts'
import { letWaitingGo, mergeAll } from './merging.ts'
import { tendSchedules } from './schedules.ts'
import { activateSchedule, pauseSchedule, type SwitchOrder } from './switch-schedule.ts'

const IDLE_MS = 5_000
/** In the first two minutes of a server no lease is taken from an agent that may still find its way back. */
const TAKE_OVER_AFTER_MS = 120_000

export interface RunsOptions {
  store: Store
  catalogue: FaultCatalogue
  clock: Clock
  log: Logger
}

export interface RunWish {
  workflow: string
  parameters: Record<string, string>
  /** null = as the workflow's label, or the project's default, says */
  infrastructureId: string | null
}

/**
 * Schedules → run requests → runs → leases → facts merged. Three loops, woken by notifications; the commands are those
 * of `RunsPort`.
 */
export class Runs {
  readonly #options: RunsOptions
  readonly #admission: Loop
  readonly #merging: Loop
  readonly #schedules: Loop
  readonly #startedAt: number
  readonly #waiters = new Set<() => void>()
  #unsubscribe: (() => void)[] = []

  constructor(options: RunsOptions) {
    this.#options = options
    this.#startedAt = options.clock.now().getTime()
    this.#admission = this.#loop('run requests could not be admitted; trying again', async (signal) => {
      while (!signal.aborted && (await admitNext(options, options.clock.now())));
      return IDLE_MS
    })
    this.#schedules = this.#loop('schedules could not be tended; trying again', (signal) => this.#tend(signal))
    this.#merging = this.#loop('facts could not be merged; trying again', async (signal) => {
      await mergeAll(options.store, signal)
      await endAbandoned(options.store, options.clock.now())
      await skipOverdue(options.store, options.clock.now())
      await letWaitingGo(options.store)
      return IDLE_MS
    })
  }

  start(): void {
    const { notifier } = this.#options.store
    this.#unsubscribe = [
      notifier.subscribe('request', () => this.#admission.wake()),
      notifier.subscribe('definition', () => this.#schedules.wake()),
      notifier.subscribe('fact', () => this.#merging.wake()),
      notifier.subscribe('task', () => this.#wakeWaiters())
    ]
    this.#admission.start()
    this.#merging.start()
    this.#schedules.start()
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#wakeWaiters()
    await Promise.all([this.#admission.stop(), this.#merging.stop(), this.#schedules.stop()])
  }

  /** Why the workflow cannot run now, as a sentence; null = it can. */
  async preflight(project: string, wish: RunWish): Promise<string | null> {
    const { db } = this.#options.store
    const killed = await killReason(db, project)
    if (killed !== null) return killed
    const definition = await runnableDefinitionByName(db, project, wish.workflow)
    if (definition === undefined) return await whyNotYet(db, project, wish.workflow)
    const admission = admit({
      definition,
      parameters: wish.parameters,
      infrastructureId: wish.infrastructureId,
      infrastructures: await grantedInfrastructures(db, project),
      guardrails: await guardrailsOf(db, project),
      catalogue: this.#options.catalogue,
      suspended: null
    })
    return admission.kind === 'run' ? null : admission.reason
  }

  async approve(order: ApprovalOrder): Promise<void> {
    await approve(this.#options.store, order, this.#options.clock.now())
  }

  async stopRun(project: string, run: string, by: { user: string; reason: string }): Promise<void> {
    await stopRun(this.#options.store, { project, run, ...by }, this.#options.clock.now())
  }

  async engageKillSwitch(project: string | null, by: { user: string; reason: string }): Promise<void> {
    await engage(this.#options.store, { project, ...by }, this.#options.clock.now())
  }

  async releaseKillSwitch(project: string | null): Promise<void> {
    await release(this.#options.store, project)
  }

  async saveGuardrails(project: string, guardrails: Guardrails): Promise<void> {
    await saveGuardrails(this.#options.store.db, project, guardrails, this.#options.clock.now())
  }

  async activateSchedule(order: SwitchOrder): Promise<void> {
    await activateSchedule(this.#options, order, this.#options.clock.now())
    this.#schedules.wake()
  }

  async pauseSchedule(order: SwitchOrder): Promise<void> {
    await pauseSchedule(this.#options, order, this.#options.clock.now())
  }

  /** Tasks for an agent; waits up to `waitMs` for the first. */
  async tasks(
    infrastructure: string,
    holding: readonly string[],
    wait: { ms: number; signal: AbortSignal }
  ): Promise<AgentTask[]> {
    const deadline = this.#options.clock.now().getTime() + wait.ms
    while (true) {
      const woken = this.#nextTaskNotice(wait.signal)
      const now = this.#options.clock.now()
      const mayTakeOver = now.getTime() - this.#startedAt > TAKE_OVER_AFTER_MS
      const tasks = await tasksFor(this.#options.store, { infrastructure, holding, now, mayTakeOver })
      const left = deadline - now.getTime()
      if (tasks.length > 0 || left <= 0 || wait.signal.aborted) return tasks
      await Promise.race([woken, this.#options.clock.sleep(left, wait.signal).catch(() => undefined)])
    }
  }

  renew(infrastructure: string, run: string, lease: number): Promise<Renewed> {
    return renew(this.#options.store, { infrastructure, run, number: lease, now: this.#options.clock.now() })
  }

  /** Until the next start is due, or a definition changes. */
  async #tend(signal: AbortSignal): Promise<number> {
    const { store, clock } = this.#options
    await tendSchedules(this.#options, clock.now(), signal)
    const next = await nextStart(store.db)
    return next === null ? IDLE_MS : Math.max(0, Math.min(IDLE_MS, next.getTime() - clock.now().getTime()))
  }

  #loop(failure: string, turn: (signal: AbortSignal) => Promise<number>): Loop {
    return new Loop({
      clock: this.#options.clock,
      turn,
      onError: (error) => {
        this.#options.log.warn({ err: error }, failure)
        return 1_000
      }
    })
  }

  #nextTaskNotice(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiters.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiters.add(done)
      signal.addEventListener('abort', done)
    })
  }

  #wakeWaiters(): void {
    for (const wake of [...this.#waiters]) wake()
  }
}

/** A new workflow is shown from its first save on; it runs once the save has come through. */
async function whyNotYet(db: Db, project: string, name: string): Promise<string> {
  const edits = await openEdits(db, project)
  if (!edits.some((edit) => edit.name === name)) throw unknownWorkflow(name)
  return `The workflow ${name} was saved and is still on its way; its page says what it waits for. It can run after that.`
}

function unknownWorkflow(name: string): AppError {
  return new AppError({
    code: 'runs/unknown-workflow',
    kind: 'missing',
    message: `There is no workflow ${name} in this project.`
  })
}
