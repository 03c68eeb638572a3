import type { FastifyReply } from 'fastify'
import type { StreamEvent } from '../contract/index.ts'
import type { Logger } from '../platform/index.ts'
import type { Store } from '../store/index.ts'

const HEARTBEAT_MS = 15_000
/** whoever has signed out, or is no member any more, sees nothing after so long */
const ADMIT_EVERY_MS = 5_000
/** a client that reads slower than this falls behind is cut; it reconnects and reads everything again */
const MAX_BUFFERED_BYTES = 1_000_000

interface Client {
  project: string
  /** whether its user is still signed in, and a member */
  mayRead: () => Promise<boolean>
}

/** Hands stream events to the browsers that look at the project. */
export class StreamHub {
  readonly #clients = new Map<FastifyReply, Client>()
  readonly #unsubscribe: () => void
  readonly #heartbeat: NodeJS.Timeout
  readonly #admission: NodeJS.Timeout
  readonly #log: Logger

  constructor(store: Store, log: Logger) {
    this.#log = log
    this.#unsubscribe = store.notifier.subscribe('stream', (payload) => this.#publish(payload))
    this.#heartbeat = setInterval(() => this.#toAll(': still here\n\n'), HEARTBEAT_MS)
    this.#admission = setInterval(() => void this.#admitAgain(), ADMIT_EVERY_MS)
  }

  /** The reply is a stream from here on, until the client or the server goes. */
  add(reply: FastifyReply, client: Client): void {
    reply.hijack()
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no'
    })
    reply.raw.write('retry: 1000\n\nevent: hello\ndata: {}\n\n')
    this.#clients.set(reply, client)
    reply.raw.on('close', () => this.#clients.delete(reply))
  }

  close(): void {
    clearInterval(this.#heartbeat)
    clearInterval(this.#admission)
    this.#unsubscribe()
    for (const reply of this.#clients.keys()) reply.raw.end()
    this.#clients.clear()
  }

  async #admitAgain(): Promise<void> {
    for (const [reply, { mayRead }] of [...this.#clients]) {
      // without a database nobody knows: it is asked again
      if (!(await mayRead().catch(() => true))) reply.raw.end()
    }
  }

  /** null: notifications may have been missed, so everybody looks again */
  #publish(payload: string | null): void {
    if (payload === null) this.#toAll('event: hello\ndata: {}\n\n')
    else this.#toAll(`data: ${payload}\n\n`, (JSON.parse(payload) as StreamEvent).project)
  }

  #toAll(text: string, project?: string): void {
    for (const [reply, { project: watched }] of this.#clients) {
      if (reply.raw.writableEnded || (project !== undefined && project !== watched)) continue
      if (reply.raw.writableLength > MAX_BUFFERED_BYTES) {
        this.#log.warn({ project: watched }, 'a stream client reads too slowly; it was cut')
        reply.raw.destroy()
      } else reply.raw.write(text)
    }
  }
}
