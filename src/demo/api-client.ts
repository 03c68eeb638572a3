import type {
  EditRequest,
  Gitops,
  Overview,
  Run,
  RunRequest,
  Session,
  Workflow,
  WorkloadChange
} from '../contract/index.ts'
import type { Fact } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'

/** What the demo does as a user of the HTTP API. */
export class ApiClient {
  readonly #base: URL
  #cookie = ''
  #csrf = ''

  constructor(base: URL) {
    this.#base = base
  }

  async login(login: string, password: string): Promise<void> {
    const answer = await this.#send('POST', '/session', { json: { login, password } })
    this.#cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    this.#csrf = ((await answer.json()) as Session).csrfToken
  }

  get<T>(path: string): Promise<T> {
    return this.#json('GET', path)
  }

  post<T>(path: string, json: object = {}, headers: Record<string, string> = {}): Promise<T> {
    return this.#json('POST', path, { json, headers })
  }

  put<T>(path: string, json: object = {}): Promise<T> {
    return this.#json('PUT', path, { json })
  }

  delete<T>(path: string): Promise<T> {
    return this.#json('DELETE', path)
  }

  async text(path: string): Promise<string> {
    return (await this.#send('GET', path, {})).text()
  }

  saveWorkflow(
    project: string,
    name: string,
    edit: { text: string; etag: string; message: string; wait?: boolean }
  ): Promise<EditRequest> {
    const prefer = edit.wait === false ? {} : { prefer: 'wait' }
    const headers = { 'content-type': 'application/yaml', 'if-match': edit.etag, ...prefer }
    return this.#json('PUT', `/projects/${project}/workflows/${name}?message=${encodeURIComponent(edit.message)}`, {
      body: edit.text,
      headers
    })
  }

  createWorkflow(project: string, text: string, message: string): Promise<EditRequest> {
    const headers = { 'content-type': 'application/yaml' }
    return this.#json('POST', `/projects/${project}/workflows?message=${encodeURIComponent(message)}`, {
      body: text,
      headers
    })
  }

  deleteWorkflow(project: string, name: string, etag: string): Promise<EditRequest> {
    return this.#json('DELETE', `/projects/${project}/workflows/${name}`, { headers: { 'if-match': etag } })
  }

  overview = (project: string) => this.get<Overview>(`/projects/${project}/overview`)
  gitops = (project: string) => this.get<Gitops>(`/projects/${project}/gitops`)
  workflow = (project: string, name: string) => this.get<Workflow>(`/projects/${project}/workflows/${name}`)
  workflows = (project: string) => this.get<{ items: Workflow[] }>(`/projects/${project}/workflows?limit=200`)
  runs = (project: string) => this.get<{ items: Run[] }>(`/projects/${project}/runs`)
  run = (project: string, id: string) => this.get<Run>(`/projects/${project}/runs/${id}`)
  facts = (project: string, id: string) => this.get<{ facts: Fact[] }>(`/projects/${project}/runs/${id}/facts`)
  changes = (project: string) => this.get<{ items: WorkloadChange[] }>(`/projects/${project}/changes`)
  startRun = (project: string, workflow: string) => this.post<RunRequest>(`/projects/${project}/runs`, { workflow })
  runRequest = (project: string, id: string) => this.get<RunRequest>(`/projects/${project}/run-requests/${id}`)

  async #json<T>(method: string, path: string, send: Sending = {}): Promise<T> {
    const answer = await this.#send(method, path, send)
    return (answer.status === 204 ? undefined : await answer.json()) as T
  }

  async #send(method: string, path: string, { json, body, headers = {} }: Sending): Promise<Response> {
    const answer = await fetch(new URL(`/api/v1${path}`, this.#base), {
      method,
      signal: AbortSignal.timeout(30_000),
      headers: {
        cookie: this.#cookie,
        'x-csrf-token': this.#csrf,
        ...(json && { 'content-type': 'application/json' }),
        ...headers
      },
      ...(json ? { body: JSON.stringify(json) } : body !== undefined && { body })
    })
    if (answer.ok) return answer
    const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string }
    throw new AppError({
      code: problem.code ?? 'demo/api',
      kind: 'transient',
      message: `${method} ${path} answered ${answer.status}: ${problem.detail ?? 'no reason given'}`
    })
  }
}

interface Sending {
  json?: object
  body?: string
  headers?: Record<string, string>
}
