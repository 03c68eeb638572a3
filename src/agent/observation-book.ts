import { createHash } from 'node:crypto'
import type { KnownObservation } from '../contract/index.ts'
import { type Observation, observedState } from '../domain/index.ts'
import type { Clock } from '../platform/index.ts'

/** workloads that are gone are remembered up to so many: the server drops a number that it has had */
const MOST_REMEMBERED = 5000

/** A workload as the infrastructure shows it now. */
export type SeenWorkload = Omit<Observation, 'number' | 'at'>

interface Entry {
  number: number
  fingerprint: string
  /** not yet with the server */
  waiting: Observation | null
}

/**
 * The number of each workload's last observation, and what it said. It begins with what the server has, so it needs no
 * disk: a change while the server or an agent was away is seen as one net change, with the next number.
 */
export class ObservationBook {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Begins anew from what the server has; what waited is judged against that. */
  resume(known: readonly KnownObservation[]): void {
    this.#entries.clear()
    for (const { uid, number, fingerprint } of known) this.#entries.set(uid, { number, fingerprint, waiting: null })
  }

  /** numbers what has changed */
  note(workloads: readonly SeenWorkload[]): void {
    const at = this.#clock.now().toISOString()
    let changed = false
    for (const seen of workloads) {
      const known = this.#entries.get(seen.uid)
      const fingerprint = fingerprintOf(seen)
      if (known?.fingerprint === fingerprint) continue
      const number = (known?.number ?? 0) + 1
      this.#entries.delete(seen.uid)
      this.#entries.set(seen.uid, { number, fingerprint, waiting: { ...seen, number, at } })
      changed = true
    }
    if (changed) this.#forgetOldest(new Set(workloads.map(({ uid }) => uid)))
  }

  waiting(): Observation[] {
    return [...this.#entries.values()].flatMap(({ waiting }) => waiting ?? [])
  }

  posted(observations: readonly Observation[]): void {
    for (const { uid, number } of observations) {
      const entry = this.#entries.get(uid)
      if (entry?.number === number) entry.waiting = null
    }
  }

  #forgetOldest(living: ReadonlySet<string>): void {
    for (const [uid, { waiting }] of this.#entries) {
      if (this.#entries.size <= MOST_REMEMBERED) return
      if (waiting === null && !living.has(uid)) this.#entries.delete(uid)
    }
  }
}

function fingerprintOf(seen: SeenWorkload): string {
  return createHash('sha256').update(observedState(seen)).digest('hex')
}
