import { type Approval, type ArgoWorkflow, approvalSentence, RUN_LABEL, textsAt } from '../../domain/index.ts'
import { AppError, type Clock, toAppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { collectionPath } from '../workload/workload-kinds.ts'
import { CHAOS_ENGINES, CHAOS_RESULTS, WORKFLOWS } from './argo-kinds.ts'
import { podLog, podName } from './pod-log.ts'
import type { SeenEngine } from './seen-chaos.ts'
import { type SeenNode, type SeenWorkflow, seenWorkflow } from './seen-workflow.ts'

const MERGE = 'application/merge-patch+json'
/** a name goes into a label of each pod, which takes 63 characters */
const LONGEST_PREFIX = 36

/** The one name that the Workflow of a run can have: whoever submits it again finds it. */
export function workflowName(workflow: string, run: string): string {
  return `${workflow.slice(0, LONGEST_PREFIX).replace(/-+$/, '')}-${run}`
}

export interface WorkflowOrder {
  run: string
  name: string
  argo: ArgoWorkflow
}

/** What is done to the Workflow of one run, and to its ChaosEngines. Doing it again changes nothing. */
export class ArgoCalls {
  readonly #client: KubeClient
  readonly #order: WorkflowOrder
  readonly #clock: Clock
  readonly #path: string

  constructor(client: KubeClient, order: WorkflowOrder, clock: Clock) {
    this.#client = client
    this.#order = order
    this.#clock = clock
    this.#path = collectionPath(WORKFLOWS, order.argo.namespace)
  }

  /** null: it is not there. Errors: `cluster/name-taken` where one of that name is another's */
  async find(): Promise<SeenWorkflow | null> {
    const { name, run } = this.#order
    try {
      const found: unknown = await this.#client.call({ method: 'GET', path: `${this.#path}/${name}` })
      if (textsAt(found, 'metadata', 'labels')[RUN_LABEL] !== run) throw nameTaken(this.where)
      return seenWorkflow(found)
    } catch (error) {
      if (toAppError(error).code === 'cluster/missing') return null
      throw error
    }
  }

  /** Makes it, unless it is there. Errors: `cluster/no-argo`, `cluster/no-namespace`, and those of `refusal.ts`. */
  async submit(): Promise<void> {
    if ((await this.find()) !== null) return
    const { name, run, argo } = this.#order
    const labels = { ...argo.labels, 'app.kubernetes.io/managed-by': 'faultline', [RUN_LABEL]: run }
    const metadata = { name, namespace: argo.namespace, labels, annotations: argo.annotations }
    const body = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata, spec: argo.spec }
    try {
      await this.#client.call({ method: 'POST', path: this.#path, body })
    } catch (thrown) {
      const error = toAppError(thrown)
      if (error.code === 'cluster/missing') throw notServed(error, argo.namespace)
      // an answer that was lost on its way
      if (error.code !== 'cluster/clash' || (await this.find()) === null) throw error
    }
  }

  /** Whether Litmus' kinds are there, and may be looked at. Errors: `cluster/no-litmus`. */
  async seesLitmus(scope: string | null): Promise<void> {
    for (const kind of [CHAOS_ENGINES, CHAOS_RESULTS])
      await this.#client.call({ method: 'GET', path: `${collectionPath(kind, scope)}?limit=1` }).catch((thrown) => {
        throw toAppError(thrown).code === 'cluster/missing' ? noLitmus() : thrown
      })
  }

  async shutDown(strategy: 'Stop' | 'Terminate'): Promise<void> {
    await this.#patch(this.#path, this.#order.name, { spec: { shutdown: strategy } })
  }

  /** What a person said to a wait of Argo, as `argo resume` writes it. */
  async answer(node: string, approval: Approval): Promise<void> {
    const phase = approval.outcome === 'approved' ? 'Succeeded' : 'Failed'
    const said = {
      phase,
      finishedAt: this.#clock
        .now()
        .toISOString()
        .replace(/\.\d+Z/, 'Z'),
      message: approvalSentence(approval)
    }
    await this.#patch(this.#path, this.#order.name, { status: { nodes: { [node]: said } } })
  }

  /** One that is gone already is fine. */
  async stopEngine({ namespace, name }: SeenEngine): Promise<void> {
    await this.#patch(collectionPath(CHAOS_ENGINES, namespace), name, { spec: { engineState: 'stop' } })
  }

  /** what the pod of a node has said */
  log(node: SeenNode): Promise<string[]> {
    const { name, argo } = this.#order
    return podLog(this.#client, argo.namespace, podName(name, node))
  }

  get where(): string {
    return `${this.#order.argo.namespace}/${this.#order.name}`
  }

  async #patch(collection: string, name: string, body: unknown): Promise<void> {
    try {
      await this.#client.call({ method: 'PATCH', path: `${collection}/${encodeURIComponent(name)}`, body, type: MERGE })
    } catch (error) {
      if (toAppError(error).code !== 'cluster/missing') throw error
    }
  }
}

function nameTaken(where: string): AppError {
  const message = `There is a Workflow ${where} already, and it is not of this run: remove it, and run again.`
  return new AppError({ code: 'cluster/name-taken', kind: 'clash', message })
}

function notServed(error: AppError, namespace: string): AppError {
  if (error.message.includes('namespaces "')) {
    const message = `There is no namespace ${namespace} for Argo’s workflows: make it, or set another one for the infrastructure.`
    return new AppError({ code: 'cluster/no-namespace', kind: 'invalid', message })
  }
  const message =
    'The cluster serves no Workflow (argoproj.io/v1alpha1): install Argo Workflows there, or set the engine of the infrastructure to builtin.'
  return new AppError({ code: 'cluster/no-argo', kind: 'invalid', message })
}

function noLitmus(): AppError {
  const message =
    'The cluster serves no ChaosEngine (litmuschaos.io/v1alpha1): install Litmus’ chaos-operator there, or set the engine of the infrastructure to builtin.'
  return new AppError({ code: 'cluster/no-litmus', kind: 'invalid', message })
}
