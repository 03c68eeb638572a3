import type { FastifyReply } from 'fastify'
import type { StreamEvent } from '../contract/index.ts'
import type { Logger } from '../platform/index.ts'
import type { Store } from '../store/index.ts'

const HEARTBEAT_MS = 15_000
/** a client that reads slower than this falls behind is cut; it reconnects and reads everything again */
const MAX_BUFFERED_BYTES = 1_000_000

/** Hands stream events to the browsers that look at the project. */
export class StreamHub {
  readonly #clients = new Map<FastifyReply, string>()
  readonly #unsubscribe: () => void
  readonly #heartbeat: NodeJS.Timeout
  readonly #log: Logger

  constructor(store: Store, log: Logger) {
    this.#log = log
    this.#unsubscribe = store.notifier.subscribe('stream', (payload) => this.#publish(payload))
    this.#heartbeat = setInterval(() => this.#toAll(': still here\n\n'), HEARTBEAT_MS)
  }

  /** The reply is a stream from here on, until the client or the server goes. */
  add(reply: FastifyReply, project: string): void {
    reply.hijack()
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no'
    })
    reply.raw.write('retry: 1000\n\nevent: hello\ndata: {}\n\n')
    this.#clients.set(reply, project)
    reply.raw.on('close', () => this.#clients.delete(reply))
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#unsubscribe()
    for (const reply of this.#clients.keys()) reply.raw.end()
    this.#clients.clear()
  }

  /** null: notifications may have been missed, so everybody looks again */
  #publish(payload: string | null): void {
    if (payload === null) this.#toAll('event: hello\ndata: {}\n\n')
    else this.#toAll(`data: ${payload}\n\n`, (JSON.parse(payload) as StreamEvent).project)
  }

  #toAll(text: string, project?: string): void {
    for (const [reply, watched] of this.#clients) {
      if (project !== undefined && project !== watched) continue
      if (reply.raw.writableLength > MAX_BUFFERED_BYTES) {
        this.#log.warn({ project: watched }, 'a stream client reads too slowly; it was cut')
        reply.raw.destroy()
      } else reply.raw.write(text)
    }
  }
}
