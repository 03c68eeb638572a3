import type { Clock } from './clock.ts'
import type { Logger } from './logger.ts'
import { Loop } from './loop.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** between two batches: whoever waits for the database comes in between */
const PAUSE_MS = 20

/** What grows, and how its owner makes it smaller. */
export interface Aging {
  /** in the log */
  what: string
  /** kept so long; 0 = for ever */
  days: number
  /** deletes at most a batch of what is from before this time; answers how many, 0 when none is left */
  deleteBatch(before: Date): Promise<number>
}

/** Once an hour, batch by batch, everything that is older than it may be is deleted. Servers may do it at once. */
export class Retention {
  readonly #agings: readonly Aging[]
  readonly #clock: Clock
  readonly #log: Logger
  readonly #loop: Loop

  constructor({ agings, clock, log }: { agings: readonly Aging[]; clock: Clock; log: Logger }) {
    this.#agings = agings.filter(({ days }) => days > 0)
    this.#clock = clock
    this.#log = log
    this.#loop = new Loop({
      clock,
      turn: async (signal) => {
        for (const aging of this.#agings) await this.#sweep(aging, signal)
        return HOUR_MS
      },
      onError: (err) => {
        log.warn({ err }, 'what is too old could not be deleted; trying again')
        return HOUR_MS / 12
      }
    })
  }

  start(): void {
    this.#loop.start()
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
  }

  async #sweep({ what, days, deleteBatch }: Aging, signal: AbortSignal): Promise<void> {
    const before = new Date(this.#clock.now().getTime() - days * DAY_MS)
    let deleted = 0
    while (!signal.aborted) {
      const batch = await deleteBatch(before)
      if (batch === 0) break
      deleted += batch
      await this.#clock.sleep(PAUSE_MS, signal).catch(() => undefined)
    }
    if (deleted > 0) this.#log.info({ what, deleted, before }, 'what is too old was deleted')
  }
}
