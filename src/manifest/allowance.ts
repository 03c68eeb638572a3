import type { NodeReader } from './node-reader.ts'
import { LIMITS } from './source.ts'

/**
 * How much one file may still ask for. Templates that call two others each, loops within loops and values that double
 * themselves grow by powers: once a limit is reached the file is refused, and nothing of it is read on.
 */
export class Allowance {
  readonly #at: NodeReader
  #calls = 0
  #characters = 0
  #spent = false

  constructor(at: NodeReader) {
    this.#at = at
  }

  get spent(): boolean {
    return this.#spent
  }

  /** Whether one more template may be called, when there are that many steps. */
  call(at: NodeReader, steps: number): boolean {
    this.#calls += 1
    if (this.#calls > LIMITS.calls) this.#refuse(at, 'manifest/too-many-steps', `${LIMITS.calls} calls of templates`)
    return this.list(at, steps + 1)
  }

  /** Whether that many steps may be. */
  list(at: NodeReader, steps: number): boolean {
    if (steps > LIMITS.steps) this.#refuse(at, 'manifest/too-many-steps', `${LIMITS.steps} steps`)
    return !this.#spent
  }

  /** A text that values were filled into, or a value; empty once there was too much. */
  filled(text: string): string {
    return this.#grow(text.length) ? text : ''
  }

  /** Whether the plan may have this as well. */
  holds(part: unknown): boolean {
    return this.#grow(sizeOf(part))
  }

  #grow(count: number): boolean {
    this.#characters += count
    if (this.#characters > LIMITS.filled)
      this.#refuse(this.#at, 'manifest/too-large', `${LIMITS.filled} characters once its values are filled in`)
    return !this.#spent
  }

  #refuse(at: NodeReader, code: string, what: string): void {
    if (!this.#spent) at.problem(code, `The workflow has more than ${what}.`)
    this.#spent = true
  }
}

/** About the characters that it has as JSON; what is in it twice counts twice. */
function sizeOf(part: unknown): number {
  if (typeof part === 'string') return part.length + 3
  if (typeof part !== 'object' || part === null) return 5
  return Object.entries(part).reduce(
    (sum, [key, inner]) => sum + sizeOf(inner) + (Array.isArray(part) ? 0 : key.length + 4),
    2
  )
}
