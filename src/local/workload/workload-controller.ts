import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Clock } from '../../platform/index.ts'
import type { DesiredWorkload } from '../desired-state.ts'
import type { Rollout, WorkloadView } from '../local.ts'
import { Pod, type PodKit } from '../pod/pod.ts'
import type { PodSpec } from '../spec/pod-spec.ts'
import { isComplete, movesOf, waitingForDeletion } from './plans.ts'
import type { PodWish, RolloutPod } from './rollout.ts'

export interface ControllerOptions {
  kit: PodKit
  clock: Clock
  /** its rollout is complete: worth keeping over a restart */
  rolledOut(): void
  /** its connections end with it, not before: it may answer what it was asked within its grace */
  podGone(uid: string): void
}

/** Brings the pods of one workload to what it asks for, one step at a time, whenever something has changed. */
export class WorkloadController {
  readonly #options: ControllerOptions
  readonly #pods = new Map<string, Pod>()
  readonly #left = Promise.withResolvers<void>()
  #desired: DesiredWorkload
  /** since when nothing has moved on */
  #since: number
  /** most pods of this generation that were ready together */
  #best = 0
  #leaving = false
  #stopped = false

  constructor(desired: DesiredWorkload, options: ControllerOptions) {
    this.#desired = desired
    this.#options = options
    this.#since = options.clock.now().getTime()
  }

  get pods(): Pod[] {
    return [...this.#pods.values()]
  }

  /** a new spec: the clock of its progress deadline begins */
  change(desired: DesiredWorkload): void {
    if (desired.generation !== this.#desired.generation) this.#moved(0)
    this.#desired = desired
    this.reconcile()
  }

  reconcile(): void {
    if (this.#stopped) return
    const { spec } = this.#desired
    const moves = movesOf(spec, this.#rolloutPods())
    for (const wish of moves.create) this.#create(wish)
    for (const uid of moves.remove) void this.deletePod(uid, spec.template.graceSeconds)
    const pods = this.#rolloutPods()
    const ready = pods.filter((pod) => pod.current && pod.ready).length
    if (ready > this.#best) this.#moved(ready)
    if (this.#leaving) {
      if (this.#pods.size === 0) this.#left.resolve()
    } else if (this.#desired.rolledOut !== this.#desired.generation && isComplete(spec, pods)) this.#complete()
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

  /** The workload is deleted: its pods go in the order in which they go when it is scaled to none. Resolves when they are gone. */
  leave(): Promise<void> {
    this.#leaving = true
    this.#desired = { ...this.#desired, spec: { ...this.#desired.spec, replicas: 0 } }
    this.reconcile()
    return this.#left.promise
  }

  view(): WorkloadView {
    const { uid, generation, spec } = this.#desired
    const { kind, namespace, name, labels, annotations, replicas, template, object } = spec
    const containers = [...template.containers, ...template.init].map(({ name, image }) => ({ name, image }))
    const pods = this.#rolloutPods().filter((pod) => !pod.terminating)
    const readyReplicas = pods.filter((pod) => pod.ready).length
    const updatedReplicas = pods.filter((pod) => pod.current).length
    const head = { uid, kind, namespace, name, labels, annotations, generation, containers, object }
    return { ...head, replicas, readyReplicas, updatedReplicas, ...this.#rollout() }
  }

  async stop(graceSeconds: number): Promise<void> {
    this.#stopped = true
    await Promise.all(this.pods.map((pod) => pod.delete(graceSeconds)))
  }

  /** Once complete, a rollout stays healthy until the next one: a pod that goes and is replaced is no rollout. */
  #rollout(): { rollout: Rollout; message: string | null } {
    const { rolledOut, generation, spec } = this.#desired
    if (rolledOut === generation) return { rollout: 'healthy', message: null }
    const old = waitingForDeletion(spec, this.#rolloutPods())
    if (old > 0) return { rollout: 'progressing', message: `OnDelete: ${old} old pods wait to be deleted.` }
    const trouble = this.pods.map((pod) => pod.trouble()).find((one) => one !== null) ?? null
    const age = this.#options.clock.now().getTime() - this.#since
    if (age <= spec.progressSeconds * 1000) return { rollout: 'progressing', message: trouble }
    const late = `The rollout has not become ready within ${spec.progressSeconds} s.`
    return { rollout: 'failed', message: trouble === null ? late : `${late} ${trouble}` }
  }

  #moved(best: number): void {
    this.#best = best
    this.#since = this.#options.clock.now().getTime()
  }

  /** What was rolled out whole is what pods go back to; with a partition the one before still has its pods. */
  #complete(): void {
    const { spec } = this.#desired
    this.#desired.rolledOut = this.#desired.generation
    if (spec.kind !== 'StatefulSet' || spec.partition === 0) this.#desired.previous = null
    this.#options.rolledOut()
  }

  #rolloutPods(): RolloutPod[] {
    const hash = templateHash(this.#desired.spec.template)
    return this.pods.map((pod) => ({
      uid: pod.uid,
      ordinal: pod.identity.ordinal,
      current: pod.identity.templateHash === hash,
      ready: pod.ready,
      terminating: pod.terminating
    }))
  }

  #create({ ordinal, template: which }: PodWish): void {
    const { uid, spec, previous } = this.#desired
    const { kind, namespace } = spec
    const template = which === 'previous' && previous !== null ? previous : spec.template
    const hash = templateHash(template)
    const random = randomBytes(4).toString('hex').slice(0, 5)
    const suffix = ordinal ?? (kind === 'Deployment' ? `${hash}-${random}` : random)
    const name = `${spec.name}-${suffix}`
    const claims = kind === 'StatefulSet' ? spec.claims : []
    const folder = join(volumesFolder(this.#options.kit.folder, namespace), name)
    const pod = new Pod(
      {
        namespace,
        name,
        ordinal,
        labels: { ...template.labels, ...(ordinal !== null && ordinalLabels(name, ordinal)) },
        workload: { kind, name: spec.name, uid },
        templateHash: hash,
        claims: Object.fromEntries(claims.map((claim) => [claim, join(folder, claim)]))
      },
      template,
      this.#options.kit
    )
    this.#pods.set(pod.uid, pod)
  }
}

/** One folder for each pod of a StatefulSet that has claims. */
export function volumesFolder(folder: string, namespace: string): string {
  return join(folder, 'volumes', namespace)
}

/** as Kubernetes gives them: a Service may choose one pod */
function ordinalLabels(name: string, ordinal: number): Record<string, string> {
  return { 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(ordinal) }
}

/** Names the pods of one template, as a ReplicaSet's hash does. */
function templateHash(template: PodSpec): string {
  return createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 8)
}
