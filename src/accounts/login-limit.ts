import type { Clock } from '../platform/index.ts'

interface Rule {
  /** tries without any wait */
  free: number
  /** longest wait in ms */
  cap: number
}

interface Tries {
  count: number
  lastAt: number
  blockedUntil: number
}

/** A person who mistypes, against somebody who tries many logins from one place, or one login from many places. */
const RULES = {
  pair: { free: 5, cap: 15 * 60_000 },
  login: { free: 20, cap: 60_000 },
  address: { free: 50, cap: 5 * 60_000 }
} as const satisfies Record<string, Rule>

const FIRST_WAIT_MS = 5_000
const FORGET_MS = 60 * 60_000
const MAX_KEYS = 10_000

/** Counts tries in memory: a restart forgives, several servers count each for itself. */
export class LoginLimit {
  readonly #clock: Clock
  readonly #tries = new Map<string, Tries>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Seconds to wait before the next try, 0 = go on. A try that may go on counts as failed until `succeeded`, so tries
   * at the same time cannot slip through.
   */
  begin(login: string, address: string): number {
    const now = this.#clock.now().getTime()
    const keys = keysOf(login, address)
    const until = Math.max(...keys.map(({ key }) => this.#current(key, now)?.blockedUntil ?? 0))
    if (until > now) return Math.ceil((until - now) / 1000)
    for (const { key, rule } of keys) this.#count(key, { rule, now })
    return 0
  }

  succeeded(login: string, address: string): void {
    const [pair, ofLogin] = keysOf(login, address)
    for (const entry of [pair, ofLogin]) if (entry !== undefined) this.#tries.delete(entry.key)
  }

  #count(key: string, { rule, now }: { rule: Rule; now: number }): void {
    const count = (this.#current(key, now)?.count ?? 0) + 1
    const wait = count < rule.free ? 0 : Math.min(rule.cap, FIRST_WAIT_MS * 2 ** (count - rule.free))
    // deleted first: the map keeps the order of the last try, the oldest is forgotten first
    this.#tries.delete(key)
    this.#tries.set(key, { count, lastAt: now, blockedUntil: wait === 0 ? 0 : now + wait })
    const oldest = this.#tries.keys().next().value
    if (this.#tries.size > MAX_KEYS && oldest !== undefined) this.#tries.delete(oldest)
  }

  #current(key: string, now: number): Tries | undefined {
    const tries = this.#tries.get(key)
    if (tries === undefined || now - tries.lastAt <= FORGET_MS) return tries
    this.#tries.delete(key)
    return undefined
  }
}

function keysOf(login: string, address: string): { key: string; rule: Rule }[] {
  return [
    { key: JSON.stringify([login, address]), rule: RULES.pair },
    { key: JSON.stringify({ login }), rule: RULES.login },
    { key: JSON.stringify({ address }), rule: RULES.address }
  ]
}
