import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, type Clock } from '../../platform/index.ts'
import type { DesiredWorkload } from '../desired-state.ts'
import type { ApplyResult, ObjectRef, WorkloadView } from '../local.ts'
import { kindOf, missing, refText } from '../object-ref.ts'
import type { Pod, PodKit } from '../pod/pod.ts'
import { WORKLOAD_KINDS, type WorkloadSpec } from '../spec/workload-spec.ts'
import { volumesFolder, WorkloadController } from './workload-controller.ts'

export interface WorkloadsOptions {
  clock: Clock
  /** the list has changed by itself and is worth keeping */
  save(): void
  podGone(uid: string): void
}

/** The workloads that there are to be, and the controller of each; a deleted one keeps its controller until its pods are gone. */
export class Workloads {
  readonly #options: WorkloadsOptions
  readonly #controllers = new Map<string, WorkloadController>()
  readonly #leaving = new Map<string, WorkloadController>()
  #desired: DesiredWorkload[] = []
  #kit: PodKit | undefined

  constructor(options: WorkloadsOptions) {
    this.#options = options
  }

  /** the list that is kept on disk; `put` and `remove` change it */
  start(desired: DesiredWorkload[], kit: PodKit): void {
    this.#desired = desired
    this.#kit = kit
    this.control()
  }

  get pods(): Pod[] {
    return [...this.#leaving.values(), ...this.#controllers.values()].flatMap((controller) => controller.pods)
  }

  get size(): number {
    return this.#controllers.size
  }

  views(): WorkloadView[] {
    return [...this.#controllers.values()].map((controller) => controller.view())
  }

  /** Rejects what must wait until pods of the same names are gone. */
  requireGone(spec: WorkloadSpec): void {
    if (!this.#leaving.has(keyOf(spec))) return
    const message = `${refText(spec)} is being deleted, and its pods are not gone yet. Apply it again in a moment.`
    throw new AppError({ code: 'local/deleting', kind: 'clash', message })
  }

  /** A manifest says nothing of an earlier restart, and does not take it back. */
  apply(spec: WorkloadSpec): ApplyResult['action'] {
    const known = this.#desired.find((workload) => keyOf(workload.spec) === keyOf(spec))
    const restartedAt = known?.spec.template.restartedAt ?? null
    return this.put({ ...spec, template: { ...spec.template, restartedAt } })
  }

  /** Labels and annotations of the object itself are no change of its spec, as in Kubernetes. `control` makes it so. */
  put(spec: WorkloadSpec): ApplyResult['action'] {
    const index = this.#desired.findIndex((workload) => keyOf(workload.spec) === keyOf(spec))
    const known = this.#desired[index]
    if (known === undefined) {
      const uid = randomBytes(13).toString('hex')
      this.#desired.push({ uid, generation: 1, rolledOut: 0, spec, previous: null })
      return 'created'
    }
    if (JSON.stringify(known.spec) === JSON.stringify(spec)) return 'unchanged'
    const generation = known.generation + (specText(known.spec) === specText(spec) ? 0 : 1)
    const same = JSON.stringify(known.spec.template) === JSON.stringify(spec.template)
    // while a rollout is under way the template before it stays the one to go back to
    const previous = known.previous ?? (same ? null : known.spec.template)
    this.#desired[index] = { ...known, generation, spec, previous }
    return 'changed'
  }

  /** Brings the controllers in line with the list. */
  control(): void {
    for (const desired of this.#desired) {
      const known = this.#controllers.get(keyOf(desired.spec))
      if (known === undefined) this.#begin(desired)
      else known.change(desired)
    }
  }

  /** Off the list at once; `gone` resolves when its pods are gone. */
  remove(ref: ObjectRef): { gone: Promise<void> } {
    const { spec } = this.find(ref)
    const key = keyOf(spec)
    this.#desired.splice(
      this.#desired.findIndex((workload) => workload.spec === spec),
      1
    )
    const controller = this.#controllers.get(key)
    this.#controllers.delete(key)
    if (controller === undefined) return { gone: Promise.resolve() }
    this.#leaving.set(key, controller)
    return { gone: controller.leave().finally(() => this.#leaving.delete(key)) }
  }

  /** What the pods of a StatefulSet have kept. */
  async removeData({ namespace, name }: ObjectRef): Promise<void> {
    const folder = volumesFolder(this.#kit?.folder ?? '', namespace)
    const entries = await readdir(folder).catch(() => [])
    const own = entries.filter((entry) => entry.startsWith(`${name}-`) && /^\d+$/.test(entry.slice(name.length + 1)))
    await Promise.all(own.map((entry) => rm(join(folder, entry), { recursive: true, force: true, maxRetries: 5 })))
  }

  /** Throws `local/missing` with what there is. */
  find(ref: ObjectRef): DesiredWorkload {
    const kind = kindOf(ref.kind)
    const found = this.#desired.find(
      ({ spec }) => spec.kind.toLowerCase() === kind && spec.namespace === ref.namespace && spec.name === ref.name
    )
    if (found !== undefined) return found
    const known = this.#desired.map(({ spec }) => `${spec.namespace}/${refText(spec)}`).join(', ') || 'none'
    throw missing(`There is no ${ref.kind}/${ref.name} in namespace ${ref.namespace}. Known are: ${known}.`)
  }

  reconcile(): void {
    for (const controller of [...this.#controllers.values(), ...this.#leaving.values()]) controller.reconcile()
  }

  async deletePod(uid: string, graceSeconds: number): Promise<void> {
    const all = [...this.#controllers.values(), ...this.#leaving.values()]
    await Promise.all(all.map((controller) => controller.deletePod(uid, graceSeconds)))
  }

  async stop(graceSeconds: number): Promise<void> {
    const all = [...this.#controllers.values(), ...this.#leaving.values()]
    await Promise.all(all.map((controller) => controller.stop(graceSeconds)))
  }

  #begin(desired: DesiredWorkload): void {
    if (this.#kit === undefined)
      throw new AppError({ code: 'local/not-started', kind: 'bug', message: 'the runtime was not started' })
    const { clock, save, podGone } = this.#options
    const controller = new WorkloadController(desired, { kit: this.#kit, clock, rolledOut: save, podGone })
    this.#controllers.set(keyOf(desired.spec), controller)
    controller.reconcile()
  }
}

export function isWorkloadKind(kind: string): boolean {
  return WORKLOAD_KINDS.some((known) => known.toLowerCase() === kindOf(kind))
}

function keyOf({ kind, namespace, name }: WorkloadSpec): string {
  return `${kind}/${namespace}/${name}`
}

function specText({ labels: _labels, annotations: _annotations, warnings: _warnings, ...spec }: WorkloadSpec): string {
  return JSON.stringify(spec)
}
