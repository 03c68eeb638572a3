import type { SyncStatus } from '../contract/index.ts'
import { pauseReason, syncStateOf } from '../store/index.ts'
import { knock } from '../store/sync/write.ts'
import type { Desk } from './desk.ts'
import { statusOf } from './status.ts'

const PASS_WAIT_MS = 20_000
const LOOK_EVERY_MS = 50

export interface WaitingOptions {
  /** makes the runner look at once */
  wake: () => void
  /** nobody waits any longer: the server ends */
  stopping: AbortSignal
}

/** What a command waits for: passes run in any server, so the database is asked. */
export class Waiting {
  readonly #desk: Desk
  readonly #options: WaitingOptions

  constructor(desk: Desk, options: WaitingOptions) {
    this.#desk = desk
    this.#options = options
  }

  async until(ms: number, done: () => Promise<boolean>): Promise<void> {
    const { clock } = this.#desk
    const { stopping } = this.#options
    const end = clock.now().getTime() + ms
    while (!stopping.aborted && !(await done()) && clock.now().getTime() < end)
      await clock.sleep(LOOK_EVERY_MS, stopping).catch(() => undefined)
  }

  /** Asks for a pass; answers when the asking took place. */
  async knock(project: string): Promise<Date> {
    const now = this.#desk.clock.now()
    await knock(this.#desk.store.db, project, now)
    this.#options.wake()
    return now
  }

  /** Waits until no server has a pass of the project in hand, or the time is over. */
  async passEnded(project: string): Promise<void> {
    await this.until(PASS_WAIT_MS, async () => {
      const state = await syncStateOf(this.#desk.store.db, project)
      return state === undefined || state.leasedUntil === null || state.leasedUntil <= this.#desk.clock.now()
    })
  }

  /** Knocks, and waits until a pass that began after it has ended, GitOps was paused, or the time is over. */
  async pass(project: string): Promise<SyncStatus> {
    const knockedAt = await this.knock(project)
    await this.until(PASS_WAIT_MS, async () => {
      const { db } = this.#desk.store
      if ((await pauseReason(db, project)) !== null) return true
      const state = await syncStateOf(db, project)
      return state === undefined || state.knockedAt === null || state.knockedAt > knockedAt
    })
    return statusOf(this.#desk, project)
  }
}
