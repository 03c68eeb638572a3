import { setTimeout as sleep } from 'node:timers/promises'
import { parse, parseAllDocuments } from 'yaml'
import type { KubeObject } from '../../tools/testbed/kube-api.ts'
import { CORE } from '../cluster/workloads.ts'
import type { TestNamespace } from '../harness/cluster.ts'

export const LITMUS = '/apis/litmuschaos.io/v1alpha1'
/** pods of the test bed with it do not end by themselves */
const HOLD = 'testbed.faultline.dev/hold'
const LOOK_EVERY_MS = 150
/** Litmus' words */
const WORDS = { faults: 'experiments', fault: 'experiment', status: 'experimentStatus' }

interface Fault {
  name: string
  spec?: { probe?: { name: string; type: string; mode: string }[] }
}

function faultOf({ spec }: ChaosEngine): Fault {
  const [fault] = spec[WORDS.faults] as Fault[]
  if (fault === undefined) throw new Error('the engine has no fault')
  return fault
}

interface PodContainer {
  image: string
  env?: { name: string; value: string }[]
}

interface Pod extends KubeObject {
  metadata: KubeObject['metadata'] & { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: { initContainers?: PodContainer[]; containers: PodContainer[] }
  status: { phase: string }
}

export interface ChaosEngine extends KubeObject {
  metadata: KubeObject['metadata'] & { uid: string; namespace: string; labels?: Record<string, string> }
  spec: { engineState: string; [field: string]: unknown }
  status?: { engineStatus?: string }
}

/** How the fault of an engine goes. */
export interface Course {
  verdict: 'Pass' | 'Fail'
  /** it is over by itself then; never = only when it is stopped */
  afterMs: number | 'never'
  /** probes that fail, by name */
  failing?: readonly string[]
}

/**
 * What is simulated on simulated nodes: the programs in the pods of a ChaosHub workflow. `litmuschaos/k8s` applies its
 * artifacts or deletes ChaosEngines, `litmus-checker` applies its ChaosEngine and ends with its verdict, and Litmus' runner
 * writes the ChaosResult. The operator and Argo are real.
 */
export class LitmusRunner {
  readonly #namespace: TestNamespace
  readonly #course: (engine: ChaosEngine) => Course
  readonly #pods = new Set<string>()
  readonly #engines = new Map<string, Promise<void>>()
  readonly #stopped = new AbortController()
  readonly #loop: Promise<void>
  readonly errors: unknown[] = []
  #said: Course['verdict'] | null = null

  constructor(namespace: TestNamespace, course: (engine: ChaosEngine) => Course) {
    this.#namespace = namespace
    this.#course = course
    this.#loop = this.#run()
  }

  /** faults that go on end with this verdict */
  judge(verdict: Course['verdict']): void {
    this.#said = verdict
  }

  engines(): Promise<ChaosEngine[]> {
    return this.#namespace.admin.list<ChaosEngine>(this.#namespace.in(LITMUS, 'chaosengines'))
  }

  async close(): Promise<void> {
    this.#stopped.abort()
    await this.#loop
    await Promise.all(this.#engines.values())
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      await this.#look().catch((error) => this.errors.push(error))
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.#stopped.signal }).catch(() => undefined)
    }
  }

  async #look(): Promise<void> {
    const pods = await this.#namespace.admin.list<Pod>(this.#namespace.in(CORE, 'pods'))
    for (const pod of pods) {
      const uid = String(pod.metadata.uid)
      if (pod.metadata.labels?.['workflows.argoproj.io/workflow'] === undefined || this.#pods.has(uid)) continue
      this.#pods.add(uid)
      await this.#runPod(pod)
    }
    for (const engine of await this.engines()) {
      if (engine.status?.engineStatus !== 'initialized' || this.#engines.has(engine.metadata.uid)) continue
      const ended = this.#runFault(engine).catch((error) => void this.errors.push(error))
      this.#engines.set(engine.metadata.uid, ended)
    }
  }

  async #runPod(pod: Pod): Promise<void> {
    const { admin } = this.#namespace
    const image = pod.spec.containers.map((container) => container.image).join()
    const env = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].flatMap((container) => container.env ?? [])
    const template = parse(env.find(({ name }) => name === 'ARGO_TEMPLATE')?.value ?? '{}')
    const artifacts: string[] = (template.inputs?.artifacts ?? []).map(
      (one: { raw?: { data: string } }) => one.raw?.data ?? ''
    )
    if (image.includes('litmus-checker')) {
      const engine = parse(artifacts[0] ?? '')
      await admin.create(this.#namespace.in(LITMUS, 'chaosengines'), engine)
    } else if (image.includes('litmuschaos/k8s')) {
      for (const artifact of artifacts)
        for (const document of parseAllDocuments(artifact)) await this.#apply(document.toJS() as KubeObject)
      if (JSON.stringify(template.container?.args ?? []).includes('delete chaosengine'))
        for (const engine of await this.#enginesOf(pod)) await admin.remove(this.#pathOf(engine))
    }
  }

  async #apply(object: KubeObject): Promise<void> {
    const path = this.#namespace.in(LITMUS, `${object.kind.toLowerCase()}s/${object.metadata.name}`)
    await this.#namespace.admin.patch(`${path}?fieldManager=kubectl`, object, 'application/apply-patch+yaml')
  }

  async #enginesOf(pod: Pod): Promise<ChaosEngine[]> {
    const name = pod.metadata.labels?.['workflows.argoproj.io/workflow']
    return (await this.engines()).filter(({ metadata }) => metadata.labels?.['faultline.dev/workflow'] === name)
  }

  /** As Litmus' go-runner does it: harmed and awaited, then reverted and judged; stopped, it reverts and says so. */
  async #runFault(engine: ChaosEngine): Promise<void> {
    const fault = faultOf(engine)
    const { verdict, afterMs, failing = [] } = this.#course(engine)
    const result = `${engine.metadata.name}-${fault.name}`
    await this.#writeResult(engine, result, { phase: 'Running', verdict: 'Awaited' }, { chaosStatus: 'injected' }, [])
    const began = Date.now()
    let now = engine
    while (
      now.spec.engineState === 'active' &&
      this.#said === null &&
      (afterMs === 'never' || Date.now() - began < afterMs)
    ) {
      if (this.#stopped.signal.aborted) return
      await sleep(LOOK_EVERY_MS)
      now = await this.#namespace.admin.get<ChaosEngine>(this.#pathOf(engine))
    }
    const stopped = now.spec.engineState !== 'active'
    const probes = (fault.spec?.probe ?? []).map(({ name, type, mode }) => {
      const said = failing.includes(name) ? 'Failed' : 'Passed'
      return {
        name,
        type,
        mode,
        status: { verdict: stopped ? 'N/A' : said, description: `it was ${said.toLowerCase()}` }
      }
    })
    const judged = stopped ? { phase: 'Stopped', verdict: 'Stopped' } : { phase: 'Completed', verdict }
    await this.#writeResult(engine, result, judged, { chaosStatus: 'reverted' }, probes)
    if (!stopped) await this.#complete(engine)
    await this.#release(engine, judged.verdict)
  }

  /** The runner's container ends, as the operator waits for it. */
  async #complete(engine: ChaosEngine): Promise<void> {
    const path = this.#namespace.in(CORE, `pods/${engine.metadata.name}-runner`)
    const at = new Date().toISOString().replace(/\.\d+Z/, 'Z')
    const terminated = { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at }
    const container = { name: 'chaos-runner', image: 'simulated', imageID: '', ready: false, restartCount: 0 }
    const status = { phase: 'Succeeded', containerStatuses: [{ ...container, state: { terminated } }] }
    await this.#namespace.admin.patch(`${path}/status`, { status })
    await this.#namespace.until('the operator calls the engine completed', async () => {
      const now = await this.#namespace.admin.get<ChaosEngine>(this.#pathOf(engine))
      return now.status?.engineStatus === 'completed'
    })
  }

  async #writeResult(
    engine: ChaosEngine,
    name: string,
    said: object,
    target: { chaosStatus: string },
    probeStatuses: object[]
  ): Promise<void> {
    const fault = faultOf(engine)
    const object = {
      apiVersion: 'litmuschaos.io/v1alpha1',
      kind: 'ChaosResult',
      metadata: { name, labels: { chaosUID: engine.metadata.uid } },
      spec: { engine: engine.metadata.name, [WORDS.fault]: fault.name },
      status: {
        [WORDS.status]: said,
        probeStatuses,
        history: {
          passedRuns: 0,
          failedRuns: 0,
          stoppedRuns: 0,
          targets: [{ name: 'web', kind: 'deployment', ...target }]
        }
      }
    }
    const path = this.#namespace.in(LITMUS, `chaosresults/${name}`)
    const query = 'fieldManager=litmus&force=true'
    await this.#namespace.admin.patch(`${path}?${query}`, object, 'application/apply-patch+yaml')
    await this.#namespace.admin
      .patch(`${path}/status?${query}`, object, 'application/apply-patch+yaml')
      .catch(() => undefined)
  }

  /** litmus-checker ends: well only where the verdict is Pass */
  async #release(engine: ChaosEngine, verdict: string): Promise<void> {
    const name = (engine.metadata.annotations as Record<string, string>)['faultline.dev/pod']
    const exit = verdict === 'Pass' ? {} : { 'testbed.faultline.dev/exit-code': '1' }
    const change = { metadata: { annotations: { [HOLD]: null, ...exit } } }
    await this.#namespace.admin.patch(this.#namespace.in(CORE, `pods/${name}`), change).catch(() => undefined)
  }

  #pathOf({ metadata }: ChaosEngine): string {
    return this.#namespace.in(LITMUS, `chaosengines/${metadata.name}`)
  }
}
