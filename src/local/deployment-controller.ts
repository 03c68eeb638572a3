import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../platform/index.ts'
import type { DesiredDeployment } from './desired-state.ts'
import type { DeploymentView, Rollout } from './local.ts'
import type { PodSpec } from './object-spec.ts'
import { Pod, type PodKit } from './pod.ts'
import { isComplete, type RolloutPod, rolloutMoves } from './rollout-plan.ts'

export interface ControllerOptions {
  kit: PodKit
  clock: Clock
  /** its rollout is complete: worth keeping over a restart */
  rolledOut(): void
  /** its connections end with it, not before: it may answer what it was asked within its grace */
  podGone(uid: string): void
}

/** Brings the pods of one Deployment to what it asks for, one step at a time, whenever something has changed. */
export class DeploymentController {
  readonly #options: ControllerOptions
  readonly #pods = new Map<string, Pod>()
  #desired: DesiredDeployment
  #since: number
  #stopped = false

  constructor(desired: DesiredDeployment, options: ControllerOptions) {
    this.#desired = desired
    this.#options = options
    this.#since = options.clock.now().getTime()
  }

  get pods(): Pod[] {
    return [...this.#pods.values()]
  }

  /** a new spec: the clock of its progress deadline begins */
  change(desired: DesiredDeployment): void {
    if (desired.generation !== this.#desired.generation) this.#since = this.#options.clock.now().getTime()
    this.#desired = desired
    this.reconcile()
  }

  reconcile(): void {
    if (this.#stopped) return
    const { spec } = this.#desired
    const moves = rolloutMoves(spec, this.#rolloutPods())
    for (let i = 0; i < moves.create; i++) this.#create()
    for (const uid of moves.remove) void this.deletePod(uid, spec.template.graceSeconds)
    if (this.#desired.rolledOut !== this.#desired.generation && isComplete(spec, this.#rolloutPods())) {
      this.#desired.rolledOut = this.#desired.generation
      this.#options.rolledOut()
    }
  }

  /** Resolves when the pod is gone; one that is not there is gone already. */
  async deletePod(uid: string, graceSeconds: number): Promise<void> {
    const pod = this.#pods.get(uid)
    if (pod === undefined) return
    await pod.delete(graceSeconds)
    this.#options.podGone(uid)
    this.#pods.delete(uid)
    this.reconcile()
  }

  view(): DeploymentView {
    const { uid, generation, spec } = this.#desired
    const live = this.pods.filter((pod) => !pod.terminating)
    const rollout = this.#rollout()
    return {
      uid,
      namespace: spec.namespace,
      name: spec.name,
      labels: spec.labels,
      annotations: spec.annotations,
      generation,
      containers: [{ name: spec.template.container.name, image: spec.template.container.image }],
      replicas: spec.replicas,
      readyReplicas: live.filter((pod) => pod.ready).length,
      rollout,
      message: rollout === 'failed' ? `The rollout has not become ready within ${spec.progressSeconds} s.` : null
    }
  }

  async stop(graceSeconds: number): Promise<void> {
    this.#stopped = true
    await Promise.all(this.pods.map((pod) => pod.delete(graceSeconds)))
  }

  /** Once complete, a rollout stays healthy until the next one: a pod that goes and is replaced is no rollout. */
  #rollout(): Rollout {
    if (this.#desired.rolledOut === this.#desired.generation) return 'healthy'
    const age = this.#options.clock.now().getTime() - this.#since
    return age > this.#desired.spec.progressSeconds * 1000 ? 'failed' : 'progressing'
  }

  #rolloutPods(): RolloutPod[] {
    const hash = templateHash(this.#desired.spec.template)
    return this.pods.map((pod) => ({
      uid: pod.uid,
      current: pod.identity.templateHash === hash,
      ready: pod.ready,
      terminating: pod.terminating
    }))
  }

  #create(): void {
    const { uid, spec } = this.#desired
    const hash = templateHash(spec.template)
    const name = `${spec.name}-${hash}-${randomBytes(4).toString('hex').slice(0, 5)}`
    const workload = { kind: 'Deployment' as const, name: spec.name, uid }
    const pod = new Pod(
      { namespace: spec.namespace, name, workload, templateHash: hash },
      spec.template,
      this.#options.kit
    )
    this.#pods.set(pod.uid, pod)
  }
}

/** Names the pods of one template, as a ReplicaSet's hash does. */
function templateHash(template: PodSpec): string {
  return createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 8)
}
