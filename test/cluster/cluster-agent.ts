import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { CreatedInfrastructure, EngineChoice, Run, WatchedWorkload } from '../../src/contract/index.ts'
import type { ApiClient } from '../../src/demo/api-client.ts'
import { type Sibling, startSibling } from '../../src/demo/processes.ts'
import { AGENT_LEASE, AGENT_SECRET, isFinal } from '../../src/domain/index.ts'
import { faultSchemas } from '../../src/faults/index.ts'
import { ownRules, workRules } from '../../src/manifest/index.ts'
import type { PolicyRule, TestNamespace } from '../harness/cluster.ts'
import { RealServer } from '../harness/real-server.ts'
import { AppliedManifest } from './applied-manifest.ts'

/** All that an agent may do by its manifest, of the workloads and of its own records. */
export const AGENT_RULES: PolicyRule[] = [...workRules(faultSchemas), ...ownRules()]

export const PROJECT = 'shop'

/** `faultline serve` and `faultline agent --kubeconfig` as processes of their own, and a project that is granted the cluster. */
export class ClusterStage {
  readonly server: RealServer
  readonly namespace: TestNamespace
  api: ApiClient
  /** the one that was started last */
  agent: Sibling | undefined
  readonly #agents: Sibling[] = []
  readonly #kubeconfig: string
  readonly #token: string
  #manifest: AppliedManifest | undefined

  private constructor(parts: {
    server: RealServer
    namespace: TestNamespace
    api: ApiClient
    kubeconfig: string
    token: string
  }) {
    this.server = parts.server
    this.namespace = parts.namespace
    this.api = parts.api
    this.#kubeconfig = parts.kubeconfig
    this.#token = parts.token
  }

  /** The agent is not started yet. */
  static async make(
    namespace: TestNamespace,
    rules: PolicyRule[] = AGENT_RULES,
    { nodeFaults = false }: { nodeFaults?: boolean } = {}
  ): Promise<ClusterStage> {
    const server = await RealServer.make()
    const api = await server.start()
    await api.post('/projects', { id: PROJECT, name: 'Shop' })
    const place = { name: 'cluster', kind: 'kubernetes', nodeFaults }
    const { registrationToken } = await api.post<CreatedInfrastructure>(`/projects/${PROJECT}/infrastructures`, place)
    await namespace.admin.create(namespace.in('/api/v1', 'secrets'), { metadata: { name: AGENT_SECRET } })
    const leases = namespace.in('/apis/coordination.k8s.io/v1', 'leases')
    await namespace.admin.create(leases, { metadata: { name: AGENT_LEASE } })
    const account = await namespace.account('faultline-agent', rules, nodeFaults ? 'cluster' : 'namespace')
    const kubeconfig = join(server.folder, 'kubeconfig')
    await writeFile(kubeconfig, account.kubeconfig, { mode: 0o600 })
    return new ClusterStage({ server, namespace, api, kubeconfig, token: registrationToken })
  }

  /** As the portal connects it: its manifest is applied, for the test's namespace, and its account and token are used. */
  static async connected(namespace: TestNamespace, engine: EngineChoice = { kind: 'builtin' }): Promise<ClusterStage> {
    const server = await RealServer.make()
    const api = await server.start()
    await api.post('/projects', { id: PROJECT, name: 'Shop' })
    const { name } = namespace
    const place = { name, kind: 'kubernetes', namespace: name, engine }
    const created = await api.post<CreatedInfrastructure>(`/projects/${PROJECT}/infrastructures`, place)
    const manifest = new AppliedManifest(namespace, created.manifest ?? '')
    await manifest.apply()
    const kubeconfig = join(server.folder, 'kubeconfig')
    await writeFile(kubeconfig, await manifest.kubeconfig(), { mode: 0o600 })
    const stage = new ClusterStage({ server, namespace, api, kubeconfig, token: created.registrationToken })
    stage.#manifest = manifest
    return stage
  }

  async apply(): Promise<void> {
    await this.#manifest?.apply()
  }

  /** Resolves when the workflow can be run. */
  async addWorkflow(name: string, text: string): Promise<void> {
    await this.api.createWorkflow(PROJECT, text, 'Add it')
    const saved = async () => (await this.api.workflow(PROJECT, name).catch(() => null))?.text === text
    await expect.poll(saved, { timeout: 20_000 }).toBe(true)
  }

  /** `folder`: of the agent's state; a new one is a pod that came up elsewhere. */
  async startAgent(
    folder = 'agent',
    flags: readonly string[] = [],
    env: Readonly<Record<string, string>> = {}
  ): Promise<void> {
    const state = join(this.server.folder, folder)
    await mkdir(state, { recursive: true })
    const args = ['agent', '--kubeconfig', this.#kubeconfig, '--namespace', this.namespace.name, ...flags]
    this.agent = startSibling('agent', args, {
      env: {
        PATH: process.env.PATH,
        FAULTLINE_SERVER_URL: this.server.url.href,
        FAULTLINE_AGENT_FOLDER: state,
        FAULTLINE_AGENT_TOKEN: this.#token,
        ...env
      },
      log: join(this.server.folder, 'agent.log')
    })
    this.#agents.push(this.agent)
    await expect.poll(() => this.#connected(), { timeout: 20_000 }).toBe(true)
  }

  async killAgent(agent = this.agent): Promise<void> {
    if (agent === undefined) return
    process.kill(agent.pid, 'SIGKILL')
    await agent.ended
  }

  async #connected(): Promise<boolean> {
    const places = `/projects/${PROJECT}/infrastructures`
    const { items } = await this.api.get<{ items: { connected: boolean }[] }>(places)
    return items.some(({ connected }) => connected)
  }

  log(): Promise<string> {
    return readFile(join(this.server.folder, 'agent.log'), 'utf8').catch(() => '')
  }

  /** Waits until the server has seen the workload with this image, and whole. */
  async observed(image: string): Promise<void> {
    const seen = async () => {
      const { items } = await this.api.get<{ items: WatchedWorkload[] }>(`/projects/${PROJECT}/workloads`)
      return items.some(({ images, rollout }) => rollout === 'healthy' && Object.values(images).includes(image))
    }
    await expect.poll(seen, { timeout: 20_000 }).toBe(true)
  }

  async runs(): Promise<Run[]> {
    return (await this.api.get<{ items: Run[] }>(`/projects/${PROJECT}/runs`)).items
  }

  /** The run number `count` has ended, and there is no other. */
  async ended(count = 1): Promise<Run> {
    await expect.poll(async () => (await this.runs()).length, { timeout: 40_000 }).toBe(count)
    await expect
      .poll(async () => (await this.runs()).every(({ phase }) => isFinal(phase)), { timeout: 60_000 })
      .toBe(true)
    const [last] = await this.runs()
    return this.api.run(PROJECT, last?.id ?? '')
  }

  async close(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.stop()))
    await this.#manifest?.remove()
    await this.server.close()
  }
}
