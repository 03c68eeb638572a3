import { connect, createServer, type Server, type Socket } from 'node:net'
import { AppError, type Logger } from '../platform/index.ts'
import { HttpStream } from './http/http-stream.ts'
import { ToxicStream } from './toxic-stream.ts'
import { ConnectionToxics, type Toxics } from './toxics.ts'

export interface Backend {
  uid: string
  name: string
  port: number
}

export interface ProxyOptions {
  /** the ready pods, as they are now */
  backends(): Backend[]
  toxics: Toxics
  log: Logger
}

const RETRY_LISTEN_MS = 2000

/**
 * A Service: a TCP proxy on loopback that stays up while pods come and go. Each connection goes to the next ready pod;
 * one that refuses is passed over before any byte was sent. Without a ready pod the connection is reset at once.
 */
export class ServiceProxy {
  readonly #server: Server
  readonly #options: ProxyOptions
  readonly #sockets = new Map<Socket, string>()
  #next = 0
  #problem: string | null = null
  #retry: NodeJS.Timeout | undefined

  constructor(options: ProxyOptions) {
    this.#options = options
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#serve(client))
  }

  get problem(): string | null {
    return this.#problem
  }

  /** Rejects with `local/port-in-use`. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException) => reject(portError(port, error))
      this.#server.once('error', failed).listen(port, '127.0.0.1', () => {
        this.#server.off('error', failed)
        resolve()
      })
    })
    this.#problem = null
    return (this.#server.address() as { port: number }).port
  }

  /** For a port that was promised earlier: tried until it is free, with the problem shown meanwhile. */
  listenPatiently(port: number): void {
    this.listen(port).catch((error: AppError) => {
      this.#problem = error.message
      this.#options.log.warn({ port }, 'the port of a service is in use; trying again')
      this.#retry = setTimeout(() => this.listenPatiently(port), RETRY_LISTEN_MS)
    })
  }

  /** An established connection dies with its pod. */
  podGone(uid: string): void {
    for (const [socket, pod] of this.#sockets) if (pod === uid) socket.destroy()
  }

  async close(): Promise<void> {
    clearTimeout(this.#retry)
    for (const socket of this.#sockets.keys()) socket.destroy()
    if (this.#server.listening) await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #serve(client: Socket): void {
    client.on('error', () => client.destroy())
    client.pause()
    const backends = this.#options.backends()
    const first = this.#next++
    const order = backends
      .map((_, index) => backends[(first + index) % backends.length])
      .filter((backend) => backend !== undefined)
    void this.#tryEach(client, order)
  }

  async #tryEach(client: Socket, [backend, ...others]: readonly Backend[]): Promise<void> {
    if (backend === undefined || client.destroyed) {
      client.resetAndDestroy()
      return
    }
    const toxics = new ConnectionToxics(this.#options.toxics, backend.uid)
    if (toxics.touched && !(await this.#opened(client, toxics, backend.uid))) return
    const upstream = connect({ host: '127.0.0.1', port: backend.port, allowHalfOpen: true, noDelay: true })
    const refused = () => void this.#tryEach(client, others)
    upstream.once('error', refused)
    upstream.once('connect', () => {
      upstream.off('error', refused)
      this.#join(client, upstream, { uid: backend.uid, toxics })
    })
  }

  /** A stalled connection does not reach its pod before the fault ends; it ends with the client, the pod, the proxy. */
  async #opened(client: Socket, toxics: ConnectionToxics, podUid: string): Promise<boolean> {
    const left = new AbortController()
    const leave = () => left.abort()
    this.#sockets.set(client, podUid)
    client.once('close', leave)
    await toxics.open(left.signal).catch(() => undefined)
    client.off('close', leave)
    this.#sockets.delete(client)
    return !client.destroyed
  }

  #join(client: Socket, upstream: Socket, { uid, toxics }: { uid: string; toxics: ConnectionToxics }): void {
    const toxic = new ToxicStream(toxics)
    const http = new HttpStream(toxics, () => client.resetAndDestroy())
    const end = () => {
      this.#sockets.delete(client)
      client.destroy()
      upstream.destroy()
      toxic.destroy()
      http.destroy()
    }
    this.#sockets.set(client, uid)
    for (const side of [client, upstream]) side.on('error', end)
    client.on('close', end)
    upstream.on('close', () => {
      // what the pod has sent still has to pass; a connection that broke has nothing to wait for
      if (!upstream.readableEnded) end()
    })
    client.on('data', (chunk: Buffer) => http.see(chunk))
    client.pipe(upstream)
    upstream.pipe(http).pipe(toxic).pipe(client)
    client.resume()
  }
}

function portError(port: number, cause: NodeJS.ErrnoException): AppError {
  const why = cause.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be listened on (${cause.code})`
  return new AppError({
    code: 'local/port-in-use',
    kind: 'clash',
    message: `Port ${port} ${why}; choose another nodePort.`,
    cause
  })
}
