import { createClusterJournal } from '../../src/agent/index.ts'
import { type ClusterAccess, clusterTarget, KubeClient, undoRecords } from '../../src/cluster/index.ts'
import { DEFAULT_GUARDRAILS, type Fact, type FactBody } from '../../src/domain/index.ts'
import { faultStep } from '../../src/engine/fixtures/stage.ts'
import { createBuiltinEngine, type RunEngine } from '../../src/engine/index.ts'
import { createFaults } from '../../src/faults/index.ts'
import { newId, Secret, silentLogger, systemClock } from '../../src/platform/index.ts'
import type { PolicyRule, TestNamespace } from '../harness/cluster.ts'
import { soon } from '../harness/soon.ts'
import { AGENT_RULES } from './cluster-agent.ts'

export interface BenchOptions {
  /** of the account that does the harm; as its manifest has it, if not said */
  rules?: PolicyRule[]
  /** where it may */
  scope?: 'namespace' | 'cluster'
  /** where its API server is, if not the real one */
  access?: ClusterAccess
  /** whole nodes may be harmed */
  nodeFaults?: boolean
}

/** The real engine and the real faults on the test run's cluster, with the account that an agent has, without a server. */
export class ClusterFaultBench {
  readonly engine: RunEngine
  readonly #namespace: TestNamespace
  readonly #client: KubeClient
  readonly #nodeFaults: boolean
  readonly #begun: Harming[] = []

  private constructor(namespace: TestNamespace, access: ClusterAccess, nodeFaults: boolean) {
    this.#namespace = namespace
    this.#nodeFaults = nodeFaults
    this.#client = new KubeClient(access, systemClock)
    this.engine = createBuiltinEngine({
      target: clusterTarget(this.#client),
      journal: createClusterJournal(undoRecords(this.#client, namespace.name), silentLogger()),
      faults: createFaults(),
      probes: [],
      clock: systemClock,
      newId,
      random: Math.random,
      log: silentLogger()
    })
  }

  static async open(namespace: TestNamespace, options: BenchOptions = {}) {
    const { rules = AGENT_RULES, scope = 'namespace', access, nodeFaults = false } = options
    if (access !== undefined) return new ClusterFaultBench(namespace, access, nodeFaults)
    const { api } = await namespace.account(`bench-${newId().slice(-6)}`, rules, scope)
    return new ClusterFaultBench(namespace, accessOf(api.way), nodeFaults)
  }

  begin(fault: string, tunables: Record<string, string>, target: Partial<Aimed> = {}): Harming {
    const facts: Fact[] = []
    const stop = new AbortController()
    const emit = (body: FactBody) =>
      void facts.push({ ...body, seq: facts.length + 1, at: systemClock.now().toISOString() })
    const aimed = { namespace: this.#namespace.name, kind: 'deployment', labels: { app: 'web' }, ...target }
    const steps = [faultStep('harm', { fault, tunables, target: aimed })]
    const plan = { workflow: 'harm', steps, deadlineSeconds: null }
    const guardrails = { ...DEFAULT_GUARDRAILS, nodeFaults: this.#nodeFaults }
    const ended = this.engine.run({ run: newId(), plan, guardrails, told: [] }, { signal: stop.signal, emit })
    const harming = new Harming(facts, ended, () => stop.abort({ kind: 'stop', text: 'enough' }))
    this.#begun.push(harming)
    return harming
  }

  /** ends what a test has left: it must not harm the next one */
  async quiet(): Promise<void> {
    await Promise.all(this.#begun.splice(0).map((harming) => harming.over()))
  }

  undoRecords() {
    const path = 'configmaps?labelSelector=faultline.dev%2Frecord%3Dundo'
    return this.#namespace.admin.list<{ data: { record: string } }>(this.#namespace.in('/api/v1', path))
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}

interface Aimed {
  namespace: string
  kind: string
  labels: Record<string, string>
}

function accessOf(way: TestNamespace['admin']['way']): ClusterAccess {
  return {
    server: new URL(way.url),
    ca: way.ca,
    serverName: null,
    certificate: null,
    token: async () => new Secret(way.token),
    namespace: 'default',
    from: 'the test'
  }
}

/** A run with one fault that is under way. */
export class Harming {
  readonly facts: readonly Fact[]
  readonly ended: Promise<string>
  readonly #stop: () => void

  constructor(facts: readonly Fact[], ended: Promise<string>, stop: () => void) {
    this.facts = facts
    this.ended = ended
    this.#stop = stop
  }

  /** waits until its harm is there, and answers how it was proved */
  inForce(): Promise<string> {
    return soon(() => {
      const fact = this.facts.find((one) => one.type === 'injection' && one.stage === 'effect-proved')
      if (fact?.type !== 'injection') throw new Error(JSON.stringify(this.facts.slice(-3)))
      return fact.evidence
    })
  }

  /** ends it, unless it ends by itself, and answers how it ended */
  async over(): Promise<Fact & { type: 'fault-result' }> {
    this.#stop()
    return this.result()
  }

  async result(): Promise<Fact & { type: 'fault-result' }> {
    await this.ended
    const result = this.facts.find((fact) => fact.type === 'fault-result')
    if (result?.type !== 'fault-result') throw new Error(JSON.stringify(this.facts))
    return result
  }

  evidence(stage: string): string[] {
    return this.facts.flatMap((fact) => (fact.type === 'injection' && fact.stage === stage ? [fact.evidence] : []))
  }
}
