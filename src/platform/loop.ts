import type { Clock } from './clock.ts'

export interface LoopOptions {
  /** one turn; returns the ms until the next one unless woken before */
  turn: (signal: AbortSignal) => Promise<number>
  onError: (error: unknown) => number
  clock: Clock
}

/** A background loop: turns one after another, can be woken, and `stop()` resolves when the last turn has ended. */
export class Loop {
  readonly #options: LoopOptions
  readonly #stopping = new AbortController()
  #nap = new AbortController()
  #woken = false
  #done: Promise<void> | undefined

  constructor(options: LoopOptions) {
    this.#options = options
  }

  start(): void {
    this.#done ??= this.#run()
  }

  /** the next turn begins at once, or right after the one under way */
  wake(): void {
    this.#woken = true
    this.#nap.abort()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#nap.abort()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#woken = false
      this.#nap = new AbortController()
      const pause = await this.#turn()
      if (!this.#woken && !this.#stopping.signal.aborted) {
        await this.#options.clock.sleep(pause, this.#nap.signal).catch(() => undefined)
      }
    }
  }

  async #turn(): Promise<number> {
    try {
      return await this.#options.turn(this.#stopping.signal)
    } catch (error) {
      return this.#options.onError(error)
    }
  }
}
