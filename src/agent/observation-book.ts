import { createHash } from 'node:crypto'
import type { KnownObservation } from '../contract/index.ts'
import { type Observation, observedState } from '../domain/index.ts'
import type { Clock } from '../platform/index.ts'

/** workloads that are gone are remembered up to so many: the server drops a number that it has had */
const MOST_REMEMBERED = 5000

/** A workload as the infrastructure shows it now. */
export type SeenWorkload = Omit<Observation, 'number' | 'at' | 'run'>

interface Entry {
  number: number
  fingerprint: string
  /** as it was looked at last: the same object again needs no second look; null = by the server alone */
  seen: SeenWorkload | null
  /** when it was looked at, ISO 8601, while it is not yet with the server; null = it is */
  waitingSince: string | null
}

/**
 * The number of each workload's last observation, and what it said. It begins with what the server has, so it needs no
 * disk: a change while the server or an agent was away is seen as one net change, with the next number.
 */
export class ObservationBook {
  readonly #clock: Clock
  readonly #runOf: (uid: string) => string | null
  readonly #entries = new Map<string, Entry>()

  /** `runOf`: the run that holds a workload, or held it a moment ago */
  constructor(clock: Clock, runOf: (uid: string) => string | null) {
    this.#clock = clock
    this.#runOf = runOf
  }

  /** Begins anew from what the server has; what waited is judged against that. */
  resume(known: readonly KnownObservation[]): void {
    this.#entries.clear()
    for (const { uid, number, fingerprint } of known)
      this.#entries.set(uid, { number, fingerprint, seen: null, waitingSince: null })
  }

  /** numbers what has changed */
  note(workloads: readonly SeenWorkload[]): void {
    const at = this.#clock.now().toISOString()
    let changed = false
    for (const seen of workloads) {
      const known = this.#entries.get(seen.uid)
      if (known?.seen === seen) continue
      const fingerprint = fingerprintOf(seen)
      if (known?.fingerprint === fingerprint) {
        known.seen = seen
        continue
      }
      const number = (known?.number ?? 0) + 1
      this.#entries.delete(seen.uid)
      this.#entries.set(seen.uid, { number, fingerprint, seen, waitingSince: at })
      changed = true
    }
    if (changed) this.#forgetOldest(new Set(workloads.map(({ uid }) => uid)))
  }

  /** The first ones that are not with the server. */
  waiting(most: number): Observation[] {
    const first: Observation[] = []
    for (const { seen, number, waitingSince } of this.#entries.values()) {
      if (first.length === most) break
      if (seen !== null && waitingSince !== null) first.push(this.#observation(seen, number, waitingSince))
    }
    return first
  }

  posted(observations: readonly Observation[]): void {
    for (const { uid, number } of observations) {
      const entry = this.#entries.get(uid)
      if (entry?.number === number) entry.waitingSince = null
    }
  }

  /** Field by field: those of a packed workload are no own properties. */
  #observation({ uid, kind, namespace, name, aspects, rollout, writers }: SeenWorkload, number: number, at: string) {
    const head = { uid, number, kind, namespace, name, aspects, rollout, at }
    if (writers === undefined) return head
    const run = Object.values(writers).includes('run') ? this.#runOf(uid) : null
    return { ...head, writers, ...(run !== null && { run }) }
  }

  #forgetOldest(living: ReadonlySet<string>): void {
    for (const [uid, { waitingSince }] of this.#entries) {
      if (this.#entries.size <= MOST_REMEMBERED) return
      if (waitingSince === null && !living.has(uid)) this.#entries.delete(uid)
    }
  }
}

function fingerprintOf(seen: SeenWorkload): string {
  return createHash('sha256').update(observedState(seen)).digest('hex')
}
