import type { Fact } from '../domain/index.ts'
import { backoff, type Clock, type Logger, Loop, type Secret, toAppError } from '../platform/index.ts'
import type { FactLog } from './fact-log.ts'
import type { ServerLink } from './server-link.ts'

const BATCH = 100
const IDLE_MS = 60_000
/** facts that come together are posted together */
const GATHER_MS = 50
const REPLACED = 'a fact could not be stored'
const RETRY = { first: 500, factor: 1.5, cap: 15_000, jitter: 0.3 }

export interface FactPosterOptions {
  facts: FactLog
  server: ServerLink
  key: () => Promise<Secret>
  clock: Clock
  log: Logger
}

/** Sends the facts of one run in order until the server has all of them, however long that takes. */
export class FactPoster {
  readonly #options: FactPosterOptions
  readonly #loop: Loop
  readonly #over = Promise.withResolvers<'stored' | 'lost'>()
  #waiting: (() => void)[] = []
  #stored = 0
  #batch = BATCH
  #failures = 0

  constructor(options: FactPosterOptions) {
    this.#options = options
    this.#loop = new Loop({ turn: () => this.#turn(), onError: (error) => this.#failed(error), clock: options.clock })
  }

  /** `stored`: the run has ended and the server has all of its facts; `lost`: the server wants no more of them */
  get over(): Promise<'stored' | 'lost'> {
    return this.#over.promise
  }

  /** the server has all facts that there are now */
  sent(): Promise<void> {
    if (this.#nothingLeft()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  start(): void {
    this.#loop.start()
  }

  wake(): void {
    this.#loop.wake()
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  async #turn(): Promise<number> {
    const { facts, server, key, clock } = this.#options
    const first = facts.after(this.#stored, 1)
    if (first.length === 0) return IDLE_MS
    await clock.sleep(GATHER_MS)
    const batch = facts.after(this.#stored, this.#batch)
    await facts.sync()
    const last = await server.postFacts(await key(), facts.run, { lease: facts.lease, facts: batch })
    this.#failures = 0
    this.#batch = BATCH
    this.#stored = last
    if (facts.ended && last >= facts.lastSeq) this.#over.resolve('stored')
    if (!this.#nothingLeft()) return 0
    for (const tell of this.#waiting.splice(0)) tell()
    return IDLE_MS
  }

  #nothingLeft(): boolean {
    return this.#options.facts.after(this.#stored, 1).length === 0
  }

  #failed(thrown: unknown): number {
    const error = toAppError(thrown)
    const { log, facts } = this.#options
    if (error.kind === 'clash') {
      this.#over.resolve('lost')
      return IDLE_MS
    }
    if (error.kind === 'invalid') return this.#singleOut(error.message)
    log.warn({ run: facts.run, err: error }, 'facts could not be posted; trying again')
    return backoff(this.#failures++, RETRY)
  }

  /** One fact that the server cannot take must not keep the others back: it is replaced by a line that says so. */
  #singleOut(message: string): number {
    const { log, facts } = this.#options
    const [culprit] = facts.after(this.#stored, 1)
    if (this.#batch > 1 || culprit === undefined) {
      this.#batch = 1
      return 0
    }
    if (culprit.type === 'log' && culprit.text.startsWith(REPLACED)) {
      log.error({ run: facts.run, reason: message }, 'the server takes no facts of this run')
      this.#over.resolve('lost')
      return IDLE_MS
    }
    log.error({ run: facts.run, seq: culprit.seq, type: culprit.type, reason: message }, 'a fact was refused')
    const text = `${REPLACED} (${culprit.type}): ${message}`.slice(0, 2000)
    const replace: Fact = { seq: culprit.seq, at: culprit.at, type: 'log', step: null, level: 'error', text }
    void facts.rewrite({ replace }).then(() => this.wake())
    return backoff(this.#failures++, RETRY)
  }
}
