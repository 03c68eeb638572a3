import type { Screen } from './run-progress.ts'

const EVERY_MS = 100
const CLEAR = '\r\u001b[2K'

/** One line that rewrites itself, on a terminal alone. */
export class TableProgress {
  readonly #screen: Screen
  #shownAt = 0

  constructor(screen: Screen) {
    this.#screen = screen
  }

  readonly show = (table: string, rows: number): void => {
    const now = Date.now()
    if (!this.#screen.isTerminal || now - this.#shownAt < EVERY_MS) return
    this.#shownAt = now
    this.#screen.write(`${CLEAR}${table}: ${rows} rows`)
  }

  end(): void {
    if (this.#screen.isTerminal) this.#screen.write(CLEAR)
  }
}
