import type { GitRemote, Tip } from './git.ts'
import { remoteKey } from './remote-key.ts'

interface Entry {
  at: number
  tip: Promise<Tip>
}

/** more than this are not remembered: the oldest go first */
const MAX_ENTRIES = 10_000

/**
 * One tip check for all who ask the same branch of the same repository with the same credential: those that come while
 * it is under way share it, and those that say how old an answer may be take a kept one. Failures are not kept.
 */
export class TipCache {
  readonly #entries = new Map<string, Entry>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** `maxAgeMs` 0: only a check that begins now will do */
  get(remote: GitRemote, branch: string, ask: { maxAgeMs: number; check: () => Promise<Tip> }): Promise<Tip> {
    const key = remoteKey(remote, branch)
    const known = this.#entries.get(key)
    if (known !== undefined && this.#now() - known.at < ask.maxAgeMs) return known.tip
    const entry = { at: this.#now(), tip: ask.check() }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    entry.tip.catch(() => this.#forget(key, entry))
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest)
    return entry.tip
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key)
  }
}
