import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type TestNamespace, testNamespace } from '../harness/cluster.ts'
import { freePort } from '../harness/free-port.ts'
import { chaosWorkflow } from './chaos-workflow.ts'
import { ClusterStage, PROJECT } from './cluster-agent.ts'
import { APPS, CORE, deployment, podsOf, rolledOut } from './workloads.ts'

// agents that are killed, and effects that never come
vi.setConfig({ testTimeout: 150_000 })

/** A partition is judged by a connection to the pod alone: the pod listens here, and a plug-in of ours keeps to policies, or does not. */
let namespace: TestNamespace
let stage: ClusterStage
let pod: ListeningPod

beforeEach(async () => {
  namespace = await testNamespace('part')
  stage = await ClusterStage.make(namespace)
  await namespace.admin.create(namespace.in(APPS, 'deployments'), deployment('web', 'web:1', 1))
  await rolledOut(namespace, 'web', 1)
  pod = await ListeningPod.begin(namespace)
})
afterEach(async () => {
  await stage.close()
  await pod.close()
  await namespace.close()
})

interface Policy {
  spec: { podSelector: { matchLabels: Record<string, string> }; policyTypes: string[]; ingress?: unknown[] }
}

/** The only pod of `web` has this machine's address, and listens while no policy that is honoured forbids it. */
class ListeningPod {
  /** policies are enforced, as by a network plug-in */
  honours = true
  readonly port: number
  readonly #namespace: TestNamespace
  #server: Server | undefined
  #ended = false
  #loop = Promise.resolve()

  private constructor(namespace: TestNamespace, port: number) {
    this.#namespace = namespace
    this.port = port
  }

  static async begin(namespace: TestNamespace): Promise<ListeningPod> {
    const pod = new ListeningPod(namespace, await freePort())
    const path = namespace.in(CORE, `pods/${await pod.#name()}/status`)
    await namespace.admin.patch(path, { status: { podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }] } })
    await pod.#apply()
    pod.#loop = pod.#watch()
    return pod
  }

  async policies(): Promise<Policy[]> {
    return this.#namespace.admin.list(this.#namespace.in('/apis/networking.k8s.io/v1', 'networkpolicies'))
  }

  async labels(): Promise<Record<string, string>> {
    const [found] = await podsOf(this.#namespace, 'web')
    return (found?.metadata.labels ?? {}) as Record<string, string>
  }

  async close(): Promise<void> {
    this.#ended = true
    await this.#loop
    this.#server?.close()
  }

  async #name(): Promise<string> {
    const [found] = await podsOf(this.#namespace, 'web')
    return found?.metadata.name ?? ''
  }

  async #watch(): Promise<void> {
    while (!this.#ended) {
      await this.#apply()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async #apply(): Promise<void> {
    const [policies, labels] = await Promise.all([this.policies(), this.labels()])
    const cut = policies.some(({ spec }) => {
      const selects = Object.entries(spec.podSelector.matchLabels).every(([key, value]) => labels[key] === value)
      return selects && spec.policyTypes.includes('Ingress') && spec.ingress === undefined
    })
    if (cut && this.honours) {
      this.#server?.close()
      this.#server = undefined
    } else if (this.#server === undefined) {
      const server = createServer((socket) => socket.on('error', () => undefined).end())
      server.listen(this.port, '127.0.0.1')
      await once(server, 'listening')
      this.#server = server
    }
  }
}

async function partition(env: Record<string, string>): Promise<void> {
  const step = { namespace: namespace.name, label: 'app=web', fault: 'pod-network-partition', env }
  await stage.addWorkflow('cut', chaosWorkflow('cut', step))
  await stage.api.startRun(PROJECT, 'cut')
}

async function evidence(): Promise<string> {
  const [run] = await stage.runs()
  const { facts } = await stage.api.facts(PROJECT, run?.id ?? '')
  return facts.flatMap((fact) => (fact.type === 'injection' ? `${fact.stage}: ${fact.evidence}` : [])).join('\n')
}

async function asBefore(): Promise<void> {
  expect(await pod.policies()).toEqual([])
  expect(Object.keys(await pod.labels()).filter((label) => label.startsWith('faultline.dev'))).toEqual([])
}

it('a pod is cut off and comes back: reached before, not during, and again afterwards', async () => {
  await stage.startAgent()
  await partition({ TOTAL_CHAOS_DURATION: '3', CANARY_PORT: String(pod.port) })
  expect(await stage.ended()).toMatchObject({ phase: 'completed', verdict: 'pass', recovery: 'clean' })
  expect(await evidence()).toMatch(/effect-proved: 127\.0\.0\.1:\d+ of pod web-\S+: ECONNREFUSED/)
  expect(await evidence()).toMatch(/recovered: .*the policy is gone; 127\.0\.0\.1:\d+ of pod web-\S+: connected/)
  await asBefore()
})

it('where nothing enforces the policy it is an error, never green', async () => {
  pod.honours = false
  await stage.startAgent()
  await partition({ TOTAL_CHAOS_DURATION: '3', CANARY_PORT: String(pod.port) })
  expect(await stage.ended()).toMatchObject({ phase: 'error', verdict: 'error', recovery: 'clean' })
  expect(await evidence()).toMatch(/no-effect-seen: 127\.0\.0\.1:\d+ of pod web-\S+: connected/)
  await asBefore()
})

it('a pod that is not reached before is not cut off', async () => {
  await stage.startAgent()
  await partition({ TOTAL_CHAOS_DURATION: '3', CANARY_PORT: String(await freePort()) })
  const run = await stage.ended()
  expect(run).toMatchObject({ phase: 'error', verdict: 'error', recovery: 'clean' })
  expect(JSON.stringify(run)).toContain('nothing was cut off, as no effect could be proved')
  await asBefore()
})

it('an agent that is killed in the middle leaves a record, and its successor ends the partition', async () => {
  await stage.startAgent()
  await partition({ TOTAL_CHAOS_DURATION: '60', CANARY_PORT: String(pod.port) })
  await expect.poll(async () => (await evidence()).includes('effect-proved'), { timeout: 40_000 }).toBe(true)
  expect(await pod.policies()).toHaveLength(1)
  await stage.killAgent()
  await stage.startAgent()
  const records = () =>
    namespace.admin.list(namespace.in(CORE, 'configmaps?labelSelector=faultline.dev%2Frecord%3Dundo'))
  await namespace.until('the record is gone', async () => (await records()).length === 0)
  await asBefore()
  expect(await stage.ended()).toMatchObject({ phase: 'error' })
})
