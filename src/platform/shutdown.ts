import type { Logger } from './logger.ts'

type Closer = () => Promise<void>

/** Closes what was opened, last opened first; one that fails does not keep the others open. */
export class Shutdown {
  readonly #closers: { name: string; close: Closer }[] = []
  readonly #log: Logger
  #closing: Promise<void> | undefined

  constructor(log: Logger) {
    this.#log = log
  }

  add(name: string, close: Closer): void {
    this.#closers.push({ name, close })
  }

  /** may be called more than once; all callers wait for the same closing */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    for (const { name, close } of this.#closers.toReversed()) {
      try {
        await close()
      } catch (error) {
        this.#log.error({ part: name, err: error }, 'a part did not close cleanly')
      }
    }
  }
}
