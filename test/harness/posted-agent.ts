import type { CreatedInfrastructure, KnownObservations, RunTask } from '../../src/contract/index.ts'
import type { FactBody, Observation } from '../../src/domain/index.ts'
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
    return PostedAgent.redeem(server, place.registrationToken)
  }

  /** Of the infrastructure that the registration token is for. */
  static async redeem(server: TestServer, token: string, kind = 'local'): Promise<PostedAgent> {
    const body = { token, kind, version: '1' }
    const { key } = await server.api.post<{ key: string }>('/agent/register', body)
    return new PostedAgent(server.url, key)
  }

  /** Says that it is there, and takes nothing. */
  async beat(): Promise<void> {
    await this.#send('GET', '/agent/tasks?wait=0&holding=none')
  }

  /** The same agent with a next key, which it has not used. */
  async withNextKey(): Promise<PostedAgent> {
    const { key } = (await this.#send('POST', '/agent/key')) as { key: string }
    return new PostedAgent(this.#url, key)
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

  /** Resolves when a person has decided about a step of the run that it has in hand. */
  async approvalOf(task: RunTask): Promise<void> {
    await this.#task('approval', task.run)
  }

  async renew({ run, lease }: RunTask): Promise<unknown> {
    return this.#send('POST', `/agent/runs/${run}/renew`, { lease })
  }

  async post(task: RunTask, ...facts: FactBody[]): Promise<void> {
    const at = new Date().toISOString()
    const numbered = facts.map((fact) => ({ ...fact, seq: ++this.#seq, at }))
    await this.#send('POST', `/agent/runs/${task.run}/facts`, { lease: task.lease, facts: numbered })
  }

  /** Says that the whole run was done; the steps' probe success in percent, 100 where none is given. */
  async completes(task: RunTask, probeSuccess: readonly number[] = []): Promise<void> {
    await this.post(task, { type: 'run-phase', phase: 'running', reason: null })
    for (const [index, { id: step }] of task.plan.steps.entries()) {
      const success = probeSuccess[index] ?? 100
      const verdict = success === 100 ? 'pass' : 'fail'
      const result = { probeSuccess: success, verdict, recovery: 'clean', weight: 10, evidence: 'as posted' } as const
      await this.post(task, { type: 'step-phase', step, phase: 'running', reason: null })
      await this.post(task, { type: 'fault-result', step, ...result })
      await this.post(task, { type: 'step-phase', step, phase: 'completed', reason: null })
    }
    await this.post(task, { type: 'run-phase', phase: 'completed', reason: null })
  }

  /** What it sees of workloads. */
  async observe(...observations: Observation[]): Promise<void> {
    await this.#send('POST', '/agent/observations', { observations })
  }

  /** What the server has of its workloads, a page. */
  async known(query = ''): Promise<KnownObservations> {
    return (await this.#send('GET', `/agent/observations?${query}`)) as KnownObservations
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
