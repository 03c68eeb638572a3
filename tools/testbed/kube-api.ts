import { Agent, request } from 'undici'
import type { Way } from './kubeconfig.ts'

/** As much of an object as all of them have. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; [key: string]: unknown }
  [field: string]: unknown
}

/** The API server's no, with its own words. */
class Refused extends Error {
  readonly status: number
  /** `NotFound`, `Forbidden`, … */
  readonly reason: string

  constructor(what: string, status: number, answer: { message?: string; reason?: string }) {
    super(`${what}: ${status} ${answer.message ?? ''}`)
    this.name = 'Refused'
    this.status = status
    this.reason = answer.reason ?? ''
  }
}

const MERGE = 'application/merge-patch+json'
const ANSWER_MS = 15_000

/** A client of one API server with one token: bare requests, in the paths of the Kubernetes API. */
export class KubeApi {
  readonly way: Way
  readonly #dispatcher: Agent

  constructor(way: Way) {
    this.way = way
    const connect = { ca: way.ca, timeout: ANSWER_MS }
    this.#dispatcher = new Agent({ connect, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS })
  }

  get<T = KubeObject>(path: string): Promise<T> {
    return this.#call('GET', path)
  }

  async list<T = KubeObject>(path: string): Promise<T[]> {
    return (await this.get<{ items: T[] }>(path)).items
  }

  create<T = KubeObject>(path: string, object: unknown): Promise<T> {
    return this.#call('POST', path, object)
  }

  /** A merge patch unless another type is named. */
  patch<T = KubeObject>(path: string, change: unknown, type = MERGE): Promise<T> {
    return this.#call('PATCH', path, change, type)
  }

  async remove(path: string): Promise<void> {
    await this.#call('DELETE', path)
  }

  /** Whether it is ready to serve; false as well when nobody listens yet. */
  async isReady(): Promise<boolean> {
    try {
      const { statusCode, body } = await request(`${this.way.url}/readyz`, { dispatcher: this.#dispatcher })
      await body.dump()
      return statusCode === 200
    } catch {
      return false
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }

  async #call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, sent?: unknown, type?: string): Promise<T> {
    const { statusCode, body } = await request(this.way.url + path, {
      method,
      dispatcher: this.#dispatcher,
      headers: {
        authorization: `Bearer ${this.way.token}`,
        accept: 'application/json',
        ...(sent !== undefined && { 'content-type': type ?? 'application/json' })
      },
      ...(sent !== undefined && { body: JSON.stringify(sent) })
    })
    const answer = (await body.json()) as T
    if (statusCode >= 300) throw new Refused(`${method} ${path}`, statusCode, answer as { message?: string })
    return answer
  }
}
