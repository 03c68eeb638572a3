import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CreatedInfrastructure, Infrastructure, WorkloadChange } from '../../src/contract/index.ts'
import type { ApiClient } from '../../src/demo/api-client.ts'
import { until } from '../../src/demo/patience.ts'
import { type Sibling, startSibling } from '../../src/demo/processes.ts'
import { AGENT_LEASE, AGENT_SECRET } from '../../src/domain/index.ts'
import { allChanges } from '../../test/harness/all-changes.ts'
import type { Cluster } from '../../tools/testbed/cluster.ts'
import { startTestBed } from '../../tools/testbed/test-bed.ts'
import { type BenchServer, startBenchServer } from '../bench-server.ts'

const PROJECT = 'bench'
/** requests to the API server at once while workloads are made */
const AT_ONCE = 20
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'
const TELL_MEMORY = join(import.meta.dirname, 'memory-process.ts')

/** A real control plane, a server and an agent between them, each a process of its own. */
export class ClusterBench {
  readonly server: BenchServer
  readonly cluster: Cluster
  readonly #folder: string
  readonly #token: string
  #agents = 0
  #agent: Sibling | undefined

  private constructor(parts: { server: BenchServer; cluster: Cluster; folder: string; token: string }) {
    this.server = parts.server
    this.cluster = parts.cluster
    this.#folder = parts.folder
    this.#token = parts.token
  }

  static async start(): Promise<ClusterBench> {
    const folder = await mkdtemp(join(tmpdir(), 'faultline-bench-cluster-'))
    const cluster = await startTestBed(folder, ['core'], (text) => process.stderr.write(`${text}\n`))
    const server = await startBenchServer()
    await server.api.post('/projects', { id: PROJECT, name: 'Bench' })
    const place = { name: 'cluster', kind: 'kubernetes' }
    const { registrationToken: token } = await server.api.post<CreatedInfrastructure>(
      `/projects/${PROJECT}/infrastructures`,
      place
    )
    await cluster.api.create('/api/v1/namespaces/default/secrets', { metadata: { name: AGENT_SECRET } })
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
    await cluster.api.create(leases, { metadata: { name: AGENT_LEASE } })
    return new ClusterBench({ server, cluster, folder, token })
  }

  get api(): ApiClient {
    return this.server.api
  }

  get project(): string {
    return PROJECT
  }

  /** Resolves when the server has as many workloads as the cluster. */
  async startAgent(workloads: number): Promise<void> {
    const folder = join(this.#folder, `agent-${this.#agents++}`)
    await mkdir(folder)
    this.#agent = startSibling('agent', ['agent', '--kubeconfig', this.cluster.kubeconfig], {
      env: {
        PATH: process.env.PATH,
        FAULTLINE_SERVER_URL: this.server.url.href,
        FAULTLINE_AGENT_FOLDER: folder,
        FAULTLINE_AGENT_TOKEN: this.#token,
        NODE_OPTIONS: `--import=${TELL_MEMORY}`,
        BENCH_MEMORY_FILE: this.memoryFile
      },
      log: join(this.#folder, 'agent.log')
    })
    const places = `/projects/${PROJECT}/infrastructures`
    await until(`${workloads} workloads are observed`, 300, async () => {
      const { items } = await this.api.get<{ items: Infrastructure[] }>(places)
      return items[0]?.connected && items[0].workloads === workloads
    })
  }

  async killAgent(): Promise<void> {
    if (this.#agent === undefined) return
    process.kill(this.#agent.pid, 'SIGKILL')
    await this.#agent.ended
  }

  async stopAgent(): Promise<void> {
    await this.#agent?.stop()
  }

  get agentPid(): number {
    return this.#agent?.pid ?? 0
  }

  get memoryFile(): string {
    return join(this.#folder, 'memory.json')
  }

  /** Policies that all mean every workload, and look at each change; the first alone matches, and starts a run. */
  async addPolicies(from: number, to: number): Promise<void> {
    if (from === 0) await this.api.createWorkflow(PROJECT, WORKFLOW, 'For the bench')
    for (let number = from; number < to; number++)
      await this.api.createWorkflow(PROJECT, policy(number), 'For the bench')
    await until('all policies are there', 60, async () => {
      const { items } = await this.api.get<{ items: unknown[] }>(`/projects/${PROJECT}/policies?limit=200`)
      return items.length === to
    })
  }

  /** Deployments `w0`, `w1`, … from `from` on. */
  async addWorkloads(from: number, to: number): Promise<void> {
    let next = from
    const make = async () => {
      while (next < to) await this.cluster.api.create(DEPLOYMENTS, deployment(`w${next++}`))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, make))
  }

  async setImage(name: string, image: string): Promise<void> {
    const change = { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } }
    await this.cluster.api.patch(`${DEPLOYMENTS}/${name}`, change, 'application/strategic-merge-patch+json')
  }

  /** All changes with what was decided of them. */
  changes(): Promise<WorkloadChange[]> {
    return allChanges(this.api, PROJECT)
  }

  async close(): Promise<void> {
    await this.#agent?.stop()
    await this.server.close()
    await this.cluster.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

const WORKFLOW = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: answer }
spec:
  entrypoint: all
  templates:
    - name: all
      suspend: { duration: 1s }
`

function policy(number: number): string {
  const to = number === 0 ? 'shop/*' : `other-${number}/*`
  return `apiVersion: faultline.dev/v1
kind: EventPolicy
metadata: { name: policy-${number} }
spec:
  workloads: { namespaces: [default] }
  when:
    any:
      - image: { key: app, to: "${to}" }
      - path: { key: "metadata.labels.number", to: "${number}" }
  rollout: { wait: false }
  run: [{ workflow: answer }]
`
}

/** About 4.7 kB of JSON at the API server, as in the measurement of Litmus. Paused and of no pods: the cluster has nothing to do for it. */
function deployment(name: string): object {
  const env = Array.from({ length: 20 }, (_, number) => ({
    name: `VARIABLE_${number}`,
    value: `value ${number} of ${name}`
  }))
  const probe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 5 }
  const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } }
  const container = { name: 'app', image: 'shop/app:v1', env, resources, readinessProbe: probe, livenessProbe: probe }
  return {
    metadata: { name, labels: { app: name, tier: 'bench', team: 'shop' }, annotations: { note: 'x'.repeat(200) } },
    spec: {
      replicas: 0,
      paused: true,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container] } }
    }
  }
}
