import type { CreatedInfrastructure, RunTask } from '../../src/contract/index.ts'
import type { FactBody } from '../../src/domain/index.ts'
import type { TestServer } from './server.ts'

/** An agent that does nothing but say what a test wants it to have done. */
export class PostedAgent {
  readonly #url: URL
  readonly #key: string
  #seq = 0

  private constructor(url: URL, key: string) {
    this.#url = url
    this.#key = key
  }

  /** Of a new infrastructure of the project. */
  static async register(server: TestServer, project: string, name: string): Promise<PostedAgent> {
    const place = await server.api.post<CreatedInfrastructure>(`/projects/${project}/infrastructures`, {
      name,
      kind: 'local'
    })
    const body = { token: place.registrationToken, kind: 'local', version: '1' }
    const { key } = await server.api.post<{ key: string }>('/agent/register', body)
    return new PostedAgent(server.url, key)
  }

  /** The next run that is leased to it. */
  async run(): Promise<RunTask> {
    this.#seq = 0
    return this.#task('run', '') as Promise<RunTask>
  }

  /** Resolves when the run that it has in hand is to be stopped. */
  async stopOf(task: RunTask): Promise<void> {
    await this.#task('stop', task.run)
  }

  async post(task: RunTask, ...facts: FactBody[]): Promise<void> {
    const at = new Date().toISOString()
    const numbered = facts.map((fact) => ({ ...fact, seq: ++this.#seq, at }))
    await this.#send('POST', `/agent/runs/${task.run}/facts`, { lease: task.lease, facts: numbered })
  }

  async #task(kind: string, holding: string): Promise<unknown> {
    for (let tries = 0; tries < 20; tries++) {
      const path = `/agent/tasks?wait=2&holding=${holding}`
      const { tasks } = (await this.#send('GET', path)) as { tasks: { kind: string }[] }
      const found = tasks.find((task) => task.kind === kind)
      if (found !== undefined) return found
    }
    throw new Error(`no ${kind} task came`)
  }

  async #send(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(new URL(`/api/v1${path}`, this.#url), {
      method,
      headers: { authorization: `Bearer ${this.#key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) })
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
}
