import { API_PREFIX } from '../contract/index.ts'
import { AppError, type Secret } from '../platform/index.ts'

const DEADLINE_MS = 40_000

/** Speaks to the own server as the user of an API token. Rejects with AppError; `transient` = it may work later. */
export class ServerClient {
  readonly #base: URL
  readonly #token: Secret

  constructor({ serverUrl, token }: { serverUrl: URL; token: Secret }) {
    this.#base = serverUrl
    this.#token = token
  }

  /** a token over plain http to another machine can be read on the way */
  get isExposed(): boolean {
    return this.#base.protocol === 'http:' && !/^(127\.|localhost$|\[::1\]$)/.test(this.#base.hostname)
  }

  get origin(): string {
    return this.#base.origin
  }

  get<T>(path: string): Promise<T> {
    return this.#send('GET', path)
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.#send('POST', path, body)
  }

  /** a document that is no JSON, or to be kept as it is */
  text(path: string): Promise<string> {
    return this.#read('GET', path)
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.#send('PUT', path, body)
  }

  async #send<T>(method: string, path: string, body?: object): Promise<T> {
    return parse(await this.#read(method, path, body)) as T
  }

  async #read(method: string, path: string, body?: object): Promise<string> {
    const answer = await this.#fetch(method, path, body)
    const text = await answer.text().catch(() => '')
    if (answer.ok) return text
    const { code = 'main/server', detail } = (parse(text) ?? {}) as { code?: string; detail?: string }
    throw new AppError({
      code,
      kind: answer.status >= 500 || answer.status === 429 ? 'transient' : 'denied',
      message: detail ?? `${this.#base.origin} answered ${answer.status} to ${method} ${path}.`
    })
  }

  async #fetch(method: string, path: string, body?: object): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.#token.reveal()}`,
      ...(body && { 'content-type': 'application/json' })
    }
    const wish = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    try {
      const signal = AbortSignal.timeout(DEADLINE_MS)
      return await fetch(new URL(`${API_PREFIX}${path}`, this.#base), { ...wish, signal, redirect: 'error' })
    } catch (cause) {
      const message = `${this.#base.origin} does not answer. Is FAULTLINE_SERVER_URL right?`
      throw new AppError({ code: 'main/server-unreachable', kind: 'transient', message, cause })
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
