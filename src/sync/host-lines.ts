export interface LineLimits {
  /** passes under way at once */
  all: number
  /** of them for one git host: one that hangs holds these, and no more */
  perHost: number
  /** that wait behind them */
  waiting: number
  /** ms; who waits longer lets go, and others may try */
  patienceMs: number
}

/** The passes of each git host, first come, first served. */
export class HostLines {
  readonly #limits: LineLimits
  readonly #running = new Map<string, number>()
  readonly #waiting = new Map<string, Set<(turn: boolean) => void>>()
  #total = 0

  constructor(limits: LineLimits) {
    this.#limits = limits
  }

  /** True: it is one's turn, which lasts until `leave`. False: the host has enough to do, for now. */
  async enter(host: string): Promise<boolean> {
    const waiting = this.#waiting.get(host)
    if (this.#isFree(host)) this.#begin(host)
    else if (waiting !== undefined && waiting.size >= this.#limits.waiting) return false
    else return this.#wait(host)
    return true
  }

  leave(host: string): void {
    this.#total -= 1
    const left = (this.#running.get(host) ?? 1) - 1
    if (left > 0) this.#running.set(host, left)
    else this.#running.delete(host)
    const next = [host, ...this.#waiting.keys()].find((one) => this.#waiting.has(one) && this.#isFree(one))
    if (next === undefined) return
    const [settle] = this.#waiting.get(next) ?? []
    this.#begin(next)
    settle?.(true)
  }

  /** Who waits is told that it is not his turn. */
  clear(): void {
    for (const line of this.#waiting.values()) for (const settle of line) settle(false)
  }

  #wait(host: string): Promise<boolean> {
    const line = this.#waiting.get(host) ?? new Set()
    this.#waiting.set(host, line)
    return new Promise((resolve) => {
      const settle = (turn: boolean) => {
        clearTimeout(timer)
        line.delete(settle)
        if (line.size === 0) this.#waiting.delete(host)
        resolve(turn)
      }
      const timer = setTimeout(() => settle(false), this.#limits.patienceMs)
      line.add(settle)
    })
  }

  #isFree(host: string): boolean {
    return this.#total < this.#limits.all && (this.#running.get(host) ?? 0) < this.#limits.perHost
  }

  #begin(host: string): void {
    this.#total += 1
    this.#running.set(host, (this.#running.get(host) ?? 0) + 1)
  }
}
