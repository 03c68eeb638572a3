import type { HttpHarm, NetworkShape, ShapeReport } from '../engine/index.ts'

export interface NetworkToxic {
  /** who put it there; also how it is removed */
  id: string
  podUid: string
  shape: NetworkShape
}

/** When all that a rate has let pass so far is through, in ms; one account for all connections of a pod. */
interface InForce extends NetworkToxic {
  freeAt: number
  /** connections, or HTTP answers, that came by, and those that it did something to */
  seen: number
  touched: number
}

/** What is done to one answer. */
export interface HttpToxic {
  id: string
  harm: HttpHarm
}

/** data under a rate passes in pieces of so many ms, so that it flows instead of coming in lumps */
const PIECE_MS = 50

/** What the network does to single pods now. What a shape means for a connection is said by `ConnectionToxics` alone. */
export class Toxics {
  readonly #inForce = new Map<string, InForce>()
  readonly #listeners = new Set<() => void>()

  add(toxic: NetworkToxic): void {
    this.#inForce.set(toxic.id, { ...toxic, freeAt: 0, seen: 0, touched: 0 })
    this.#changed()
  }

  remove(id: string): void {
    this.#inForce.delete(id)
    this.#changed()
  }

  reports(): ShapeReport[] {
    return this.of(() => true).map(({ id, shape, seen, touched }) => ({
      injection: id,
      of: shape.kind === 'http' ? 'HTTP answers' : 'connections',
      seen,
      touched
    }))
  }

  of(wanted: (toxic: NetworkToxic) => boolean): InForce[] {
    return [...this.#inForce.values()].filter(wanted)
  }

  /** waits, until `over` after a change, or so long; rejects when the signal aborts */
  wait(ms: number, over: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer)
        this.#listeners.delete(look)
        signal.removeEventListener('abort', stop)
        end()
      }
      const look = () => over() && settle(resolve)
      const stop = () => settle(() => reject(signal.reason))
      const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => settle(resolve), ms)
      this.#listeners.add(look)
      signal.addEventListener('abort', stop)
      if (signal.aborted) stop()
    })
  }

  #changed(): void {
    for (const look of [...this.#listeners]) look()
  }
}

/**
 * What the network does to one connection with a pod. Data is held back, never dropped or reordered, and passes at once
 * when what holds it is gone: so the end of a fault is felt at once, whatever it was.
 */
export class ConnectionToxics {
  readonly #toxics: Toxics
  readonly #podUid: string
  /** whether this connection is among those that a loss stalls, or is touched by another shape, by its id */
  readonly #lots = new Map<string, boolean>()

  constructor(toxics: Toxics, podUid: string) {
    this.#toxics = toxics
    this.#podUid = podUid
  }

  get touched(): boolean {
    return this.#mine().length > 0
  }

  /** so many bytes at most pass at once */
  get pieceBytes(): number {
    const rates = this.#mine().flatMap(({ shape }) => (shape.kind === 'rate' ? [shape.bytesPerSecond] : []))
    return Math.max(1, Math.floor((Math.min(...rates) * PIECE_MS) / 1000))
  }

  /** Resolves when the connection is not stalled; for a new one before it reaches the pod. */
  async open(signal: AbortSignal): Promise<void> {
    if (this.#stalled()) await this.#toxics.wait(Number.POSITIVE_INFINITY, () => !this.#stalled(), signal)
  }

  /** Resolves when so many bytes, which came at that moment, may pass. */
  async pass({ bytes, came }: { bytes: number; came: number }, signal: AbortSignal): Promise<void> {
    await this.open(signal)
    let due = came
    for (const toxic of this.#mine()) {
      this.#lot(toxic)
      due = dueAt(toxic, bytes, due)
      await this.hold(toxic.id, due - performance.now(), signal)
      if (!this.has(toxic.id)) due = Math.min(due, performance.now())
    }
  }

  /** what is done to the next HTTP answer; drawn anew for each */
  drawHttp(): HttpToxic[] {
    return this.#mine().flatMap((toxic) => {
      const { id, shape } = toxic
      if (shape.kind !== 'http') return []
      const drawn = Math.random() * 100 < shape.percentage
      count(toxic, drawn)
      return drawn ? [{ id, harm: shape.harm }] : []
    })
  }

  has(id: string): boolean {
    return this.#toxics.of((toxic) => toxic.id === id).length > 0
  }

  /** waits so long, but no longer than the toxic is there */
  async hold(id: string, ms: number, signal: AbortSignal): Promise<void> {
    if (ms > 0) await this.#toxics.wait(ms, () => !this.has(id), signal)
  }

  #mine(): InForce[] {
    return this.#toxics.of(({ podUid }) => podUid === this.#podUid)
  }

  #stalled(): boolean {
    return this.#mine().some((toxic) => toxic.shape.kind === 'loss' && this.#lot(toxic))
  }

  /** Drawn once for each connection, and counted then: what is lost again and again never gets through. */
  #lot(toxic: InForce): boolean {
    const { id, shape } = toxic
    const known = this.#lots.get(id)
    if (known !== undefined || shape.kind === 'http') return known ?? false
    const touched = shape.kind !== 'loss' || Math.random() * 100 < shape.percentage
    this.#lots.set(id, touched)
    count(toxic, touched)
    return touched
  }
}

function count(toxic: InForce, touched: boolean): void {
  toxic.seen += 1
  if (touched) toxic.touched += 1
}

/** When bytes that came at `since` may go on, in ms. */
function dueAt(toxic: InForce, bytes: number, since: number): number {
  const { shape } = toxic
  if (shape.kind === 'latency') return since + Math.max(0, shape.latencyMs + (Math.random() * 2 - 1) * shape.jitterMs)
  if (shape.kind !== 'rate') return since
  const saved = (shape.burstBytes / shape.bytesPerSecond) * 1000
  toxic.freeAt = Math.max(toxic.freeAt, since - saved) + (bytes / shape.bytesPerSecond) * 1000
  return Math.max(since, toxic.freeAt)
}
