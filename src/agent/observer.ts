import type { KnownObservation } from '../contract/index.ts'
import type { Observation } from '../domain/index.ts'
import { backoff, type Clock, type Logger, Loop, type Secret, toAppError } from '../platform/index.ts'
import type { ObservationBook, SeenWorkload } from './observation-book.ts'
import type { ServerLink } from './server-link.ts'

/** `paths`: expressions (JMESPath) whose values are asked for */
export interface WorkloadSource {
  /** begins to look; called once, before it is asked */
  start(paths: readonly string[]): void
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

/** Tells the server of every net change of a workload, compared with what the server has: numbered, tried for ever. */
export class Observer {
  readonly #options: ObserverOptions
  readonly #loop: Loop
  #unlisten: (() => void) | undefined
  #failures = 0
  /** null: not told yet */
  #paths: readonly string[] | null = null
  /** the book begins with what the server has */
  #resumed = false

  constructor(options: ObserverOptions) {
    this.#options = options
    this.#loop = new Loop({ turn: () => this.#turn(), onError: (error) => this.#failed(error), clock: options.clock })
  }

  start(): void {
    this.#loop.start()
  }

  /** The expressions to look at from now on. */
  lookAt(paths: readonly string[]): void {
    if (paths.join('\n') === this.#paths?.join('\n')) return
    this.#paths = paths
    this.#loop.wake()
  }

  async stop(): Promise<void> {
    this.#unlisten?.()
    await this.#loop.stop()
  }

  async #turn(): Promise<number> {
    const { source, book } = this.#options
    if (!this.#resumed) await this.#resume()
    book.note(source.workloads(this.#paths ?? []))
    const waiting = book.waiting(BATCH)
    if (waiting.length === 0) {
      this.#failures = 0
      return LOOK_EVERY_MS
    }
    await this.#post(waiting)
    // what changed while the server was away did not wake: it is looked at now
    const wasAway = this.#failures > 0
    this.#failures = 0
    return wasAway || book.waiting(1).length > 0 || !this.#resumed ? 0 : LOOK_EVERY_MS
  }

  async #resume(): Promise<void> {
    const { server, key, book } = this.#options
    const known: KnownObservation[] = []
    let cursor: string | null = null
    do {
      const page = await server.knownObservations(await key(), cursor)
      known.push(...page.items)
      this.#paths ??= page.paths
      cursor = page.next
    } while (cursor !== null)
    book.resume(known)
    this.#resumed = true
    this.#look(this.#paths ?? [])
  }

  /** Not before the server has told of the paths: a value that is not looked at yet would be told as one that is gone. */
  #look(paths: readonly string[]): void {
    const { source } = this.#options
    if (this.#unlisten !== undefined) return
    this.#unlisten = source.onChange(() => this.#noticed())
    source.start(paths)
  }

  /** While the server is away a change waits with the others: each one tried by itself would make the pauses longest at once. */
  #noticed(): void {
    if (this.#failures === 0) this.#loop.wake()
  }

  async #post(observations: readonly Observation[]): Promise<void> {
    const { server, key, book, log } = this.#options
    try {
      const stored = await server.postObservations(await key(), observations)
      // an answer was lost, or another agent has told something else under this number: compared again with what the server has
      if (stored < observations.length) this.#resumed = false
    } catch (error) {
      if (toAppError(error).kind !== 'invalid') throw error
      // one that the server cannot take must not keep the others back
      if (observations.length > 1) {
        for (const one of observations) await this.#post([one])
        return
      }
      log.error({ workload: observations[0]?.name, err: error }, 'an observation was refused; it is let go')
    }
    book.posted(observations)
  }

  #failed(error: unknown): number {
    this.#options.log.warn({ err: error }, 'observations could not be posted; trying again')
    return backoff(this.#failures++, RETRY)
  }
}
