import type { Observation } from '../domain/index.ts'
import { backoff, type Clock, type Logger, Loop, type Secret, toAppError } from '../platform/index.ts'
import type { ObservationBook, SeenWorkload } from './observation-book.ts'
import type { ServerLink } from './server-link.ts'

export interface WorkloadSource {
  /** `paths`: expressions (JMESPath) whose values are asked for */
  workloads(paths: readonly string[]): readonly SeenWorkload[]
  /** called after a change; may be coalesced */
  onChange(listener: () => void): () => void
}

export interface ObserverOptions {
  source: WorkloadSource
  book: ObservationBook
  server: ServerLink
  key: () => Promise<Secret>
  clock: Clock
  log: Logger
}

const BATCH = 50
/** a change that nobody told of is seen then */
const LOOK_EVERY_MS = 5000
const RETRY = { first: 500, factor: 1.5, cap: 15_000, jitter: 0.3 }

/** Tells the server of every net change of a workload: numbered, kept on disk until posted, tried for ever. */
export class Observer {
  readonly #options: ObserverOptions
  readonly #loop: Loop
  #unlisten: (() => void) | undefined
  #failures = 0
  #paths: readonly string[]

  constructor(options: ObserverOptions) {
    this.#options = options
    // until the server tells: a value that changed while this agent was away is compared with what it was
    this.#paths = options.book.paths()
    this.#loop = new Loop({ turn: () => this.#turn(), onError: (error) => this.#failed(error), clock: options.clock })
  }

  start(): void {
    this.#unlisten = this.#options.source.onChange(() => this.#loop.wake())
    this.#loop.start()
  }

  /** The expressions to look at from now on. */
  lookAt(paths: readonly string[]): void {
    if (paths.join('\n') === this.#paths.join('\n')) return
    this.#paths = paths
    this.#loop.wake()
  }

  async stop(): Promise<void> {
    this.#unlisten?.()
    await this.#loop.stop()
  }

  async #turn(): Promise<number> {
    const { source, book } = this.#options
    await book.note(source.workloads(this.#paths))
    const waiting = book.waiting().slice(0, BATCH)
    if (waiting.length === 0) return LOOK_EVERY_MS
    await this.#post(waiting)
    this.#failures = 0
    return book.waiting().length > 0 ? 0 : LOOK_EVERY_MS
  }

  async #post(observations: readonly Observation[]): Promise<void> {
    const { server, key, book, log } = this.#options
    try {
      await server.postObservations(await key(), observations)
    } catch (error) {
      if (toAppError(error).kind !== 'invalid') throw error
      // one that the server cannot take must not keep the others back
      if (observations.length > 1) {
        for (const one of observations) await this.#post([one])
        return
      }
      log.error({ workload: observations[0]?.name, err: error }, 'an observation was refused; it is let go')
    }
    await book.posted(observations)
  }

  #failed(error: unknown): number {
    this.#options.log.warn({ err: error }, 'observations could not be posted; trying again')
    return backoff(this.#failures++, RETRY)
  }
}
