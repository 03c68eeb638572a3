import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, type Dispatcher, request } from 'undici'
import type { ClusterAccess } from '../../src/cluster/index.ts'
import type { KubeApi } from '../../tools/testbed/kube-api.ts'

/** Stands between a client and the real API server, passes everything on with the account's token, and is rough on watches. */
export class RoughProxy {
  /** watches that were begun */
  watches = 0
  /** lists that were begun */
  lists = 0
  /** requests that were not answered, since it was away */
  refused = 0
  /** what is done to each piece of a watch before it is passed on; null = it is swallowed, as by a connection that is half open */
  harm: (piece: Buffer) => Buffer | null = (piece) => piece
  /** ms that each piece of a watch is held back */
  delayMs = 0
  /** no request is answered */
  away = false
  readonly #way: KubeApi['way']
  readonly #dispatcher: Agent
  readonly #open = new Set<ServerResponse>()
  readonly #server = createServer((asked, answer) => void this.#pass(asked, answer).catch(() => answer.destroy()))

  private constructor({ way }: KubeApi) {
    this.#way = way
    this.#dispatcher = new Agent({ connect: { ca: way.ca } })
  }

  static async open(api: KubeApi): Promise<RoughProxy> {
    const proxy = new RoughProxy(api)
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening')
    return proxy
  }

  get access(): ClusterAccess {
    const { port } = this.#server.address() as AddressInfo
    return {
      server: new URL(`http://127.0.0.1:${port}`),
      ca: null,
      serverName: null,
      certificate: null,
      token: async () => null,
      namespace: 'default',
      from: 'the test'
    }
  }

  /** Ends the watches that are open in the middle. */
  cut(): void {
    for (const answer of this.#open) answer.destroy()
  }

  /** Says something in the watches that are open. */
  say(text: string): void {
    for (const answer of this.#open) answer.write(text)
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await this.#dispatcher.destroy()
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (this.away) {
      this.refused++
      return void answer.destroy()
    }
    const url = asked.url ?? ''
    const watch = url.includes('watch=1')
    if (watch) this.watches++
    else this.lists++
    const over = new AbortController()
    answer.on('close', () => over.abort())
    const { 'content-type': type } = asked.headers
    const { statusCode, body } = await request(this.#way.url + url, {
      method: asked.method as Dispatcher.HttpMethod,
      body: type === undefined ? null : asked,
      dispatcher: this.#dispatcher,
      signal: over.signal,
      bodyTimeout: 0,
      headers: {
        authorization: `Bearer ${this.#way.token}`,
        accept: 'application/json',
        ...(type && { 'content-type': type })
      }
    })
    answer.writeHead(statusCode, { 'content-type': 'application/json' })
    if (!watch) return void answer.end(await body.text())
    answer.flushHeaders()
    this.#open.add(answer)
    answer.on('close', () => this.#open.delete(answer))
    for await (const piece of body) await this.#hand(piece as Buffer, answer)
    answer.end()
  }

  async #hand(piece: Buffer, answer: ServerResponse): Promise<void> {
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs))
    const given = this.harm(piece)
    if (given !== null) answer.write(given)
  }
}
