import type { ProblemDocument, Session } from '../../contract/index.ts'
import type { Answer, Call, CallOptions } from './call-types.ts'
import { ProblemError } from './problem-error.ts'

const PREFIX = '/api/v1'

interface Loose {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
  ifMatch?: string
  signal?: AbortSignal
  accept?: string
}

/** Speaks to the server of this page. One object per page; it holds the token that every change must carry. */
export class ApiClient {
  readonly #onSignedOut: () => void
  #csrfToken: string | null = null

  constructor(options: { onSignedOut: () => void }) {
    this.#onSignedOut = options.onSignedOut
  }

  /** From here on changes are made in the name of this session. */
  adopt(session: Session): Session {
    this.#csrfToken = session.csrfToken
    return session
  }

  /** Rejects with ProblemError; a session that has ended is told to the page as well. */
  async call<C extends Call>(call: C, options: CallOptions<C>): Promise<Answer<C>> {
    const loose = options as Loose
    const response = await this.#send(call, loose)
    if (!response.ok) throw await this.#problem(response)
    if (response.status === 204) return null as Answer<C>
    const json = (response.headers.get('content-type') ?? '').includes('json')
    return (json ? await response.json() : await response.text()) as Answer<C>
  }

  /** The same where the answer is a line of JSON for each of several things, told as they come. Rejects alike. */
  async lines<C extends Call, T>(call: C, options: CallOptions<C>, tell: (item: T) => void): Promise<void> {
    const response = await this.#send(call, { ...(options as Loose), accept: 'application/x-ndjson' })
    if (!response.ok || response.body === null) throw await this.#problem(response)
    let rest = ''
    try {
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) tell(JSON.parse(line) as T)
      }
    } catch {
      throw unreachable()
    }
  }

  async #send(call: Call, options: Loose): Promise<Response> {
    const [method = 'GET', path = '/'] = call.split(' ')
    try {
      return await fetch(PREFIX + fill(path, options.params ?? {}) + search(options.query ?? {}), {
        method,
        credentials: 'same-origin',
        headers: this.#headers(method, options),
        ...(options.body !== undefined && {
          body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body)
        }),
        ...(options.signal && { signal: options.signal })
      })
    } catch (error) {
      if (options.signal?.aborted) throw error
      throw unreachable()
    }
  }

  #headers(method: string, options: Loose): Record<string, string> {
    const headers: Record<string, string> = {}
    if (method !== 'GET' && this.#csrfToken !== null) headers['x-csrf-token'] = this.#csrfToken
    if (options.accept !== undefined) headers.accept = options.accept
    if (options.ifMatch !== undefined) headers['if-match'] = options.ifMatch
    if (typeof options.body === 'string') headers['content-type'] = 'application/yaml'
    else if (options.body !== undefined) headers['content-type'] = 'application/json'
    return headers
  }

  async #problem(response: Response): Promise<ProblemError> {
    const problem = await readProblem(response)
    if (problem.code === 'api/unauthenticated') this.#onSignedOut()
    return problem
  }
}

function unreachable(): ProblemError {
  const detail = 'The server cannot be reached. Check that Faultline runs, and your connection; nothing was changed.'
  return new ProblemError({ code: 'portal/unreachable', status: 0, detail })
}

async function readProblem(response: Response): Promise<ProblemError> {
  const status = response.status
  try {
    const { code, detail, problems } = (await response.json()) as ProblemDocument
    return new ProblemError({ code, status, detail, ...(problems && { problems }) })
  } catch {
    const detail = `The server answered ${status} ${response.statusText} in a form that this page does not know.`
    return new ProblemError({ code: 'portal/bad-answer', status, detail })
  }
}

function fill(path: string, params: Record<string, string>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}

function search(query: Record<string, unknown>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`
}
