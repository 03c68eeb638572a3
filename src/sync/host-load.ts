/** passes under way at once for one git host: one that hangs holds these, and no more */
const PER_HOST = 6

/** How many passes speak to which host right now. */
export class HostLoad {
  readonly #passes = new Map<string, number>()

  /** False: the host has enough; else it counts until `leave`. */
  enter(host: string): boolean {
    const passes = this.#passes.get(host) ?? 0
    if (passes >= PER_HOST) return false
    this.#passes.set(host, passes + 1)
    return true
  }

  leave(host: string): void {
    const left = (this.#passes.get(host) ?? 1) - 1
    if (left > 0) this.#passes.set(host, left)
    else this.#passes.delete(host)
  }
}
