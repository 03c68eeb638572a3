import type { Readable } from 'node:stream'
import { type AppError, backoff, type Clock, type Logger, Loop, toAppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { connectionError } from '../client/refusal.ts'
import { eventLines } from './event-lines.ts'
import { differs, type Known, stepOf } from './known.ts'
import { listPages } from './list-pages.ts'

export interface KindWatchOptions<T> {
  client: KubeClient
  /** of the collection: `/apis/apps/v1/deployments` */
  path: string
  /** only objects with these labels, as a selector; all if not said */
  labels?: string
  /** what is kept of an object; it is called while parsing, and must not throw */
  project: (object: unknown) => T
  onChange: () => void
  /** a watch in which nothing came for so long is half open: bookmarks come each minute */
  idleMs?: number
  clock: Clock
  log: Logger
}

const IDLE_MS = 75_000
/** then the API server ends a watch by itself, and the next one goes on */
const WATCH_SECONDS = 300
/** a watch that ended sooner is counted as a failure: it would be asked for again and again */
const SHORTEST_MS = 1000
const RETRY = { first: 250, factor: 1.7, cap: 30_000, jitter: 0.3 }

/**
 * All objects of one kind, as they are now: listed, then watched. Whatever breaks the watch (an end, a version that is
 * too old, a line that cannot be read, a silent connection), it goes on from the last version, or lists again; a kind
 * that is not there yet is looked for again.
 */
export class KindWatch<T> {
  readonly #options: KindWatchOptions<T>
  readonly #loop: Loop
  #known: Map<string, Known<T>> = new Map()
  /** null: to be listed */
  #version: string | null = null
  #failures = 0
  #problem: AppError | null = null
  #listed = false
  /** ends what is under way, so that a new list is made */
  #again = new AbortController()

  constructor(options: KindWatchOptions<T>) {
    this.#options = options
    this.#loop = new Loop({
      clock: options.clock,
      turn: (signal) => this.#turn(signal),
      onError: (thrown) => this.#failed(toAppError(thrown))
    })
  }

  start(): void {
    this.#loop.start()
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
  }

  /** Projects all objects anew: something else is to be kept of them. Until then those are known that were. */
  relist(): void {
    this.#version = null
    this.#again.abort()
    this.#again = new AbortController()
    this.#loop.wake()
  }

  objects(): T[] {
    return [...this.#known.values()].map(({ object }) => object)
  }

  /** all that there were at some moment are known */
  get listed(): boolean {
    return this.#listed
  }

  /** why it is blind now; null = it is not */
  get problem(): AppError | null {
    return this.#problem
  }

  async #turn(stopped: AbortSignal): Promise<number> {
    const signal = AbortSignal.any([stopped, this.#again.signal])
    try {
      return await this.#listAndFollow(signal)
    } catch (error) {
      if (signal.aborted) return 0
      throw error
    }
  }

  async #listAndFollow(signal: AbortSignal): Promise<number> {
    const { clock } = this.#options
    const version = this.#version ?? (await this.#list(signal))
    this.#version = version
    this.#problem = null
    const began = clock.now().getTime()
    await this.#follow(version, signal)
    const early = clock.now().getTime() - began < SHORTEST_MS
    return early ? backoff(this.#failures++, RETRY) : 0
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { client, path, labels, project, onChange } = this.#options
    const { objects, version } = await listPages({
      client,
      path,
      ...(labels !== undefined && { labels }),
      project,
      signal
    })
    signal.throwIfAborted()
    const changed = differs(this.#known, objects)
    this.#known = objects
    const first = !this.#listed
    this.#listed = true
    if (changed || first) onChange()
    return version
  }

  async #follow(from: string, ended: AbortSignal): Promise<void> {
    const { client, path, labels, idleMs = IDLE_MS } = this.#options
    const query = new URLSearchParams({
      watch: '1',
      resourceVersion: from,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(WATCH_SECONDS),
      ...(labels !== undefined && { labelSelector: labels })
    })
    const over = AbortSignal.timeout((WATCH_SECONDS + 30) * 1000)
    const signal = AbortSignal.any([ended, over])
    const stream = await client.stream({ path: `${path}?${query}`, signal, idleMs })
    try {
      await this.#read(stream, signal)
    } catch (error) {
      throw connectionError(error, client.access)
    } finally {
      stream.on('error', () => undefined).destroy()
    }
  }

  /** Until the stream ends, or a new list is needed. */
  async #read(stream: Readable, signal: AbortSignal): Promise<void> {
    const { project, onChange, log, path } = this.#options
    for await (const event of eventLines(stream)) {
      if (signal.aborted) return
      const step = stepOf(event, this.#version ?? '', project)
      if (step.kind === 'nothing') continue
      if (step.kind === 'relist') {
        log.info({ path, why: step.why }, 'the watch cannot go on; listing again')
        this.#version = null
        return
      }
      this.#version = step.version
      this.#failures = 0
      if (step.kind === 'passed') continue
      if (step.kind === 'put') this.#known.set(step.uid, { version: step.version, object: step.object })
      else this.#known.delete(step.uid)
      onChange()
    }
  }

  /**
   * A connection that broke is taken up where it was. Whatever else happened a list says how things are, also after
   * silence: the API server waits without a word for a version that it has lost (an etcd restored from a backup).
   */
  #failed(error: AppError): number {
    const { log, path, onChange } = this.#options
    if (error.code !== 'cluster/away') this.#version = null
    if (error.code === 'cluster/missing' && this.#known.size > 0) {
      this.#known = new Map()
      onChange()
    }
    if (this.#problem?.code !== error.code)
      log.warn({ path, err: error }, 'objects of a kind cannot be watched; trying again')
    this.#problem = error
    return backoff(this.#failures++, RETRY)
  }
}
