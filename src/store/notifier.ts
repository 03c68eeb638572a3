import pg from 'pg'
import { backoff, type Logger } from '../platform/index.ts'
import { type Address, clientConfig } from './connect.ts'
import type { Topic } from './notify.ts'

/** Called with the payload, or with null: something may have been missed, look again. Must not throw. */
export type Listener = (payload: string | null) => void

/** Hands notifications of the database to whoever asked for their topic. */
export interface Notifier {
  /** returns how to end it; listening begins at once, or with the connection */
  subscribe(topic: Topic, listener: Listener): () => void
}

const TOPICS: readonly Topic[] = ['stream', 'edit', 'request', 'fact', 'observation', 'task', 'definition']
const RECONNECT = { first: 50, factor: 2, cap: 5_000, jitter: 0.2 }
/** a connection that died without a word is found by asking */
const ALIVE_EVERY_MS = 20_000
const ANSWER_MS = 5_000

/** One connection that listens, replaced when it is lost; after that every listener is told to look again. */
export class PostgresNotifier implements Notifier {
  readonly #address: Address
  readonly #log: Logger
  readonly #listeners = new Map<Topic, Set<Listener>>(TOPICS.map((topic) => [topic, new Set()]))
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #failures = 0
  #closed = false

  constructor(address: Address, log: Logger) {
    this.#address = address
    this.#log = log
  }

  /** Rejects when the first connection cannot be made. */
  async open(): Promise<void> {
    await this.#connect()
  }

  subscribe(topic: Topic, listener: Listener): () => void {
    // its own function: one listener may be given twice
    const own: Listener = (payload) => listener(payload)
    this.#listeners.get(topic)?.add(own)
    return () => void this.#listeners.get(topic)?.delete(own)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => undefined)
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ ...clientConfig(this.#address), query_timeout: ANSWER_MS })
    client.on('error', () => this.#lost(client))
    client.on('end', () => this.#lost(client))
    client.on('notification', ({ channel, payload }) => this.#deliver(channel, payload ?? ''))
    try {
      await client.connect()
      await client.query(TOPICS.map((topic) => `listen "${topic}"`).join('; '))
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    if (this.#closed) return await client.end()
    this.#client = client
    this.#failures = 0
    this.#timer = setTimeout(() => void this.#askAlive(client), ALIVE_EVERY_MS)
  }

  async #askAlive(client: pg.Client): Promise<void> {
    try {
      await client.query('select 1')
      if (this.#client === client) this.#timer = setTimeout(() => void this.#askAlive(client), ALIVE_EVERY_MS)
    } catch {
      this.#lost(client)
    }
  }

  #lost(client: pg.Client): void {
    if (this.#closed || this.#client !== client) return
    this.#client = undefined
    clearTimeout(this.#timer)
    client.end().catch(() => undefined)
    this.#log.warn('the connection for notifications was lost; connecting again')
    this.#retryLater()
  }

  #retryLater(): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => void this.#reconnect(), backoff(this.#failures++, RECONNECT))
  }

  async #reconnect(): Promise<void> {
    try {
      await this.#connect()
      for (const topic of TOPICS) this.#tell(topic, null)
    } catch (err) {
      this.#log.debug({ err }, 'no connection for notifications yet')
      this.#retryLater()
    }
  }

  #deliver(channel: string, payload: string): void {
    const topic = TOPICS.find((known) => known === channel)
    if (topic !== undefined) this.#tell(topic, payload)
  }

  #tell(topic: Topic, payload: string | null): void {
    for (const listener of this.#listeners.get(topic) ?? []) {
      try {
        listener(payload)
      } catch (err) {
        this.#log.error({ err, topic }, 'a listener failed')
      }
    }
  }
}
