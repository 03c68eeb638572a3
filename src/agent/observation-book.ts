import { readFile } from 'node:fs/promises'
import { canonical, type Observation } from '../domain/index.ts'
import type { Clock, Logger } from '../platform/index.ts'
import { writeDurably } from './durable-file.ts'

/** workloads that are gone are remembered up to so many: a number must never be given twice */
const MOST_REMEMBERED = 5000

/** A workload as the infrastructure shows it now. */
export type SeenWorkload = Omit<Observation, 'number' | 'at'>

/**
 * Where numbering begins when the book is lost but workloads live on: the server drops a number that it has seen, and
 * with it a change. Seconds since 2020 are above all that was given before, and below the column's limit until 2088.
 */
const EPOCH_MS = Date.UTC(2020, 0, 1)

interface Entry {
  observation: Observation
  posted: boolean
}

/**
 * The last observation of each workload and whether the server has it, in a file: so a change while the server or
 * this agent was away is seen as one net change, with the next number.
 */
export class ObservationBook {
  readonly #path: string
  readonly #clock: Clock
  readonly #entries: Map<string, Entry>
  /** the number before the first of a workload that the book does not know */
  readonly #base: number

  private constructor(options: { path: string; clock: Clock; entries: Map<string, Entry>; base: number }) {
    this.#path = options.path
    this.#clock = options.clock
    this.#entries = options.entries
    this.#base = options.base
  }

  /**
   * `used`: an agent has worked here before with the key that it has, so that a book must be there; without such a key
   * the server may know nothing of what is in the book, and is told all of it.
   */
  static async open(
    path: string,
    { clock, log, used }: { clock: Clock; log: Logger; used: boolean }
  ): Promise<ObservationBook> {
    const entries = await read(path, log)
    const lost = entries === 'unreadable' || (entries === 'none' && used)
    if (typeof entries !== 'string' && !used) for (const entry of entries.values()) entry.posted = false
    const base = lost ? Math.floor((clock.now().getTime() - EPOCH_MS) / 1000) : 0
    return new ObservationBook({ path, clock, entries: typeof entries === 'string' ? new Map() : entries, base })
  }

  /** numbers what has changed; durable when it resolves */
  async note(workloads: readonly SeenWorkload[]): Promise<void> {
    const at = this.#clock.now().toISOString()
    let changed = false
    for (const seen of workloads) {
      const known = this.#entries.get(seen.uid)
      if (known !== undefined && sameState(known.observation, seen)) continue
      const observation = { ...seen, number: (known?.observation.number ?? this.#base) + 1, at }
      this.#entries.delete(seen.uid)
      this.#entries.set(seen.uid, { observation, posted: false })
      changed = true
    }
    if (!changed) return
    this.#forgetOldest(new Set(workloads.map(({ uid }) => uid)))
    await this.#save()
  }

  /** the expressions that were looked at last */
  paths(): string[] {
    const asked = [...this.#entries.values()].flatMap(({ observation }) => Object.keys(observation.aspects.path ?? {}))
    return [...new Set(asked)].sort()
  }

  /** not yet with the server */
  waiting(): Observation[] {
    return [...this.#entries.values()].filter(({ posted }) => !posted).map(({ observation }) => observation)
  }

  async posted(observations: readonly Observation[]): Promise<void> {
    for (const { uid, number } of observations) {
      const entry = this.#entries.get(uid)
      if (entry?.observation.number === number) entry.posted = true
    }
    await this.#save()
  }

  #forgetOldest(living: ReadonlySet<string>): void {
    for (const [uid, { posted }] of this.#entries) {
      if (this.#entries.size <= MOST_REMEMBERED) return
      if (posted && !living.has(uid)) this.#entries.delete(uid)
    }
  }

  async #save(): Promise<void> {
    await writeDurably(this.#path, JSON.stringify([...this.#entries.values()]))
  }
}

async function read(path: string, log: Logger): Promise<Map<string, Entry> | 'none' | 'unreadable'> {
  try {
    const entries = JSON.parse(await readFile(path, 'utf8')) as Entry[]
    return new Map(entries.map((entry) => [entry.observation.uid, entry]))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'none'
    log.error({ file: path, err: error }, 'the observations cannot be read; all workloads are observed anew')
    return 'unreadable'
  }
}

function sameState(one: SeenWorkload, other: SeenWorkload): boolean {
  return fingerprint(one) === fingerprint(other)
}

/** what counts as a change; the order of keys does not */
function fingerprint({ kind, namespace, name, aspects, rollout }: SeenWorkload): string {
  return canonical([kind, namespace, name, aspects, rollout])
}
