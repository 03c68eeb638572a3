import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { Agent, type Dispatcher, request } from 'undici'
import type { Clock } from '../../platform/index.ts'
import type { ClusterAccess } from '../access/cluster-access.ts'
import { type KubeTalk, listenTo, tlsOf } from './kube-socket.ts'
import { connectionError, refusalError } from './refusal.ts'

const ANSWER_MS = 15_000
const LARGEST_ANSWER = 64 * 1024 * 1024
/** longer ones are cut: they are only shown */
const LARGEST_REFUSAL = 64 * 1024

export interface KubeCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** with its query, `/apis/…` */
  path: string
  body?: unknown
  /** of the body; JSON if not said */
  type?: string
  /** of the answer; JSON if not said */
  accept?: string
  signal?: AbortSignal | undefined
}

export interface KubeStream {
  path: string
  signal: AbortSignal
  /** it is ended when nothing came for so long */
  idleMs: number
}

/** Requests to one API server as one account. Rejects with AppErrors of `cluster/`, each says what is missing. */
export class KubeClient {
  readonly access: ClusterAccess
  readonly #clock: Clock
  readonly #dispatcher: Agent

  constructor(access: ClusterAccess, clock: Clock) {
    this.access = access
    this.#clock = clock
    const connect = { timeout: ANSWER_MS, ...tlsOf(access) }
    this.#dispatcher = new Agent({ connect, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS })
  }

  /** The answer as JSON, whole within 15 s. */
  async call<T>({ signal, ...call }: KubeCall): Promise<T> {
    const deadline = AbortSignal.timeout(ANSWER_MS)
    const body = await this.#send(
      call,
      signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      ANSWER_MS
    )
    try {
      return JSON.parse(await bounded(body, LARGEST_ANSWER)) as T
    } catch (error) {
      throw connectionError(error, this.access)
    }
  }

  /** The answer while it comes; whoever takes it reads or destroys it. */
  stream({ path, signal, idleMs }: KubeStream): Promise<Readable> {
    return this.#send({ method: 'GET', path }, signal, idleMs)
  }

  /** Listens on a WebSocket until the server has closed it. */
  async listenTo(talk: KubeTalk): Promise<void> {
    const refused = await listenTo(this.access, talk, ANSWER_MS).catch((error: unknown) => {
      throw connectionError(error, this.access)
    })
    if (refused !== null) throw this.#refusal(`GET ${talk.path}`, refused.status, refused)
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }

  async #send(
    { method, path, body, type, accept }: KubeCall,
    signal: AbortSignal,
    bodyTimeout: number
  ): Promise<Readable> {
    const { server } = this.access
    const token = await this.access.token()
    let answer: Dispatcher.ResponseData
    try {
      answer = await request(new URL(path, server), {
        method,
        dispatcher: this.#dispatcher,
        signal,
        bodyTimeout,
        headers: {
          accept: accept ?? 'application/json',
          ...(token !== null && { authorization: `Bearer ${token.reveal()}` }),
          ...(body !== undefined && { 'content-type': type ?? 'application/json' })
        },
        ...(body !== undefined && { body: JSON.stringify(body) })
      })
    } catch (error) {
      throw connectionError(error, this.access)
    }
    if (answer.statusCode < 300) return answer.body
    const text = await bounded(answer.body, LARGEST_REFUSAL).catch(() => '')
    throw this.#refusal(`${method} ${path}`, answer.statusCode, { text, date: answer.headers.date })
  }

  #refusal(asked: string, status: number, { text, date }: { text: string; date: string | string[] | undefined }) {
    const [what = ''] = asked.split('?')
    const { from } = this.access
    return refusalError({ what, status, text, serverTime: timeOf(date), now: this.#clock.now(), from })
  }
}

/** As text while it comes: a list has many MB, of which no second copy is made. */
async function bounded(body: Readable, largest: number): Promise<string> {
  const decoder = new StringDecoder('utf8')
  let text = ''
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > largest) throw new Error(`its answer is larger than ${largest} bytes`)
    text += decoder.write(chunk)
  }
  return text + decoder.end()
}

function timeOf(header: string | string[] | undefined): Date | null {
  const ms = Date.parse(typeof header === 'string' ? header : '')
  return Number.isNaN(ms) ? null : new Date(ms)
}
