import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandEnd, CommandOrder, LoadReport, ShapeReport } from '../engine/index.ts'
import { AppError } from '../platform/index.ts'
import { runCommand } from './commands.ts'
import { type Desired, loadDesired, saveDesired } from './desired-state.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { chooseIsolation, type Isolation } from './isolation.ts'
import { Loads } from './load/loads.ts'
import type { PodLoad } from './load/pod-load.ts'
import type {
  ApplyResult,
  Local,
  LocalOptions,
  LogListeners,
  LogRef,
  ObjectFilter,
  ObjectRef,
  Objects,
  ServiceView
} from './local.ts'
import { invalid, kindOf, missing, refText } from './object-ref.ts'
import type { Pod, PodKit } from './pod/pod.ts'
import { reapMarked } from './reaper.ts'
import { Services } from './services.ts'
import { type ObjectSpec, parseObject } from './spec/object-spec.ts'
import { type NetworkToxic, Toxics } from './toxics.ts'
import { WardenLink } from './warden-link.ts'
import { withImages, withReplicas, withRestart } from './workload/changed-spec.ts'
import { isWorkloadKind, Workloads } from './workload/workloads.ts'

const COALESCE_MS = 20
const STOP_GRACE_SECONDS = 2
/** of an earlier process: nothing of them is needed once its pods have ended */
const TRANSIENT = ['pods', 'logs']

/** Makes the runtime; nothing runs before `start`. */
export function createLocal(options: LocalOptions): Local {
  return new Runtime(options)
}

class Runtime implements Local {
  readonly #options: LocalOptions
  readonly #toxics = new Toxics()
  readonly #services: Services
  readonly #workloads: Workloads
  readonly #listeners = new Set<() => void>()
  #desired: Desired | undefined
  #kit: PodKit | undefined
  #loads: Loads | undefined
  #lock: FolderLock | undefined
  #warden: WardenLink | undefined
  #isolation: Isolation | undefined
  #notice: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: LocalOptions) {
    this.#options = options
    this.#services = new Services({ pods: () => this.#workloads.pods, toxics: this.#toxics, log: options.log })
    this.#workloads = new Workloads({
      clock: options.clock,
      save: () => void this.#inTurn(() => this.#save()).catch(() => undefined),
      podGone: (uid) => this.#services.podGone(uid)
    })
  }

  /** The folder is locked first: reaping must never meet another agent's workloads. */
  async start(): Promise<void> {
    const { folder, baseEnv, clock, log } = this.#options
    this.#lock = await lockFolder(folder)
    const desired = await loadDesired(folder)
    this.#desired = desired
    const reaped = await reapMarked(desired.mark)
    if (reaped > 0) log.warn({ processes: reaped }, 'processes of an earlier agent were ended')
    await Promise.all(TRANSIENT.map((name) => rm(join(folder, name), { recursive: true, force: true })))
    this.#isolation = await chooseIsolation(this.#options.isolation, baseEnv.PATH ?? '')
    this.#warden = new WardenLink(desired.mark, log)
    this.#warden.start()
    this.#loads = new Loads({ mark: desired.mark, warden: this.#warden })
    this.#services.start(desired.services)
    this.#kit = {
      folder,
      baseEnv,
      mark: desired.mark,
      isolation: this.#isolation,
      warden: this.#warden,
      clock,
      log,
      serviceEnv: (namespace) => this.#services.env(namespace),
      ended: (uid) => this.#loads?.podEnded(uid),
      changed: () => this.#podsChanged()
    }
    this.#workloads.start(desired.workloads, this.#kit)
    log.info({ isolation: this.#isolation.description, workloads: this.#workloads.size }, 'local infrastructure is up')
  }

  apply(manifests: readonly unknown[]): Promise<ApplyResult[]> {
    return this.#inTurn(async () => {
      const specs = manifests.map(parseObject)
      requireDistinct(specs)
      for (const spec of specs) if (spec.kind !== 'Service') this.#workloads.requireGone(spec)
      const opened = await this.#services.open(specs.filter((spec) => spec.kind === 'Service'))
      const results = specs.map((spec) => {
        const port = opened.get(`${spec.namespace}/${spec.name}`)
        const action = spec.kind === 'Service' ? this.#services.take(spec, port) : this.#workloads.apply(spec)
        return { object: refText(spec), action, warnings: spec.warnings }
      })
      await this.#settle()
      return results
    })
  }

  objects(filter: ObjectFilter = {}): Objects {
    const { kind } = filter
    if (kind !== undefined && !['pod', 'service'].includes(kindOf(kind)) && !isWorkloadKind(kind)) throw noKind(kind)
    const wanted = (one: string) => kind === undefined || kindOf(kind) === one.toLowerCase()
    const fits = (object: { namespace: string; name: string }) =>
      (filter.namespace === undefined || object.namespace === filter.namespace) &&
      (filter.name === undefined || object.name === filter.name)
    return {
      workloads: this.#workloads.views().filter((view) => wanted(view.kind) && fits(view)),
      pods: wanted('pod') ? this.#workloads.pods.map((pod) => pod.view()).filter(fits) : [],
      services: wanted('service') ? this.#services.views().filter(fits) : []
    }
  }

  setImage(ref: ObjectRef, images: Readonly<Record<string, string>>): Promise<void> {
    return this.#inTurn(async () => {
      this.#workloads.put(withImages(this.#workloads.find(ref).spec, images))
      await this.#settle()
    })
  }

  scale(ref: ObjectRef, replicas: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#workloads.put(withReplicas(this.#workloads.find(ref).spec, replicas))
      await this.#settle()
    })
  }

  restart(ref: ObjectRef): Promise<void> {
    return this.#inTurn(async () => {
      this.#workloads.put(withRestart(this.#workloads.find(ref).spec, this.#options.clock.now()))
      await this.#settle()
    })
  }

  async delete(ref: ObjectRef, { data }: { data: boolean }): Promise<void> {
    if (kindOf(ref.kind) === 'pod') return this.#deleteNamed(ref)
    if (kindOf(ref.kind) === 'service') return this.#inTurn(() => this.#deleteService(ref))
    if (!isWorkloadKind(ref.kind)) throw noKind(ref.kind)
    const { gone } = await this.#inTurn(async () => {
      const removed = this.#workloads.remove(ref)
      await this.#settle()
      return removed
    })
    await gone
    if (data && kindOf(ref.kind) === 'statefulset') await this.#workloads.removeData(ref)
    this.#announce()
  }

  onChange(listener: () => void): () => void {
    const own = () => listener()
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  deletePod(uid: string, { graceSeconds }: { graceSeconds: number }): Promise<void> {
    return this.#workloads.deletePod(uid, graceSeconds)
  }

  killContainer(uid: string, { container, signal }: { container: string | null; signal: NodeJS.Signals }): void {
    this.#pod(uid).container(container).signal(signal)
  }

  pausePod(uid: string, by: string): void {
    this.#pod(uid).pause(by)
  }

  resumePod(uid: string, by: string): void {
    this.#workloads.pods.find((pod) => pod.uid === uid)?.resume(by)
  }

  async pauseOf(uid: string): Promise<{ by: string[]; stopped: boolean }> {
    const pod = this.#workloads.pods.find((candidate) => candidate.uid === uid)
    return (await pod?.pauses()) ?? { by: [], stopped: false }
  }

  async addLoad(load: PodLoad): Promise<void> {
    const pod = this.#pod(load.podUid)
    if (!pod.running) throw missing('No process of the pod runs now.')
    await this.#loads?.add(load, pod.storage)
  }

  async removeLoad(id: string): Promise<void> {
    await this.#loads?.remove(id)
  }

  async loads(): Promise<LoadReport[]> {
    return (await this.#loads?.reports()) ?? []
  }

  addToxic(toxic: NetworkToxic): void {
    this.#toxics.add(toxic)
  }

  removeToxic(id: string): void {
    this.#toxics.remove(id)
  }

  toxics(): ShapeReport[] {
    return this.#toxics.reports()
  }

  async runCommand(order: CommandOrder): Promise<CommandEnd> {
    if (this.#kit === undefined)
      throw new AppError({ code: 'local/not-started', kind: 'bug', message: 'the runtime was not started' })
    return runCommand(this.#kit, order)
  }

  service(host: string, fromNamespace: string): ServiceView | undefined {
    return this.#services.find(host, fromNamespace)
  }

  async logs(ref: LogRef): Promise<string[]> {
    return this.#podNamed(ref.namespace, ref.pod).container(ref.container).log.tail(ref.tail)
  }

  async followLogs(ref: LogRef, listeners: LogListeners): Promise<() => void> {
    return this.#podNamed(ref.namespace, ref.pod).container(ref.container).log.follow(ref.tail, listeners)
  }

  isolation(): string {
    return this.#isolation?.description ?? 'not started'
  }

  async stop(): Promise<void> {
    clearTimeout(this.#notice)
    await this.#turn.catch(() => undefined)
    await this.#services.close()
    await this.#loads?.close()
    await this.#workloads.stop(STOP_GRACE_SECONDS)
    clearTimeout(this.#notice)
    await this.#warden?.close()
    await this.#lock?.release()
  }

  async #deleteNamed({ namespace, name }: ObjectRef): Promise<void> {
    const pod = this.#podNamed(namespace, name)
    await this.#workloads.deletePod(pod.uid, pod.spec.graceSeconds)
  }

  async #deleteService(ref: ObjectRef): Promise<void> {
    if (!(await this.#services.remove(ref)))
      throw missing(`There is no service/${ref.name} in namespace ${ref.namespace}.`)
    await this.#settle()
  }

  #pod(uid: string): Pod {
    const pod = this.#workloads.pods.find((candidate) => candidate.uid === uid)
    if (pod === undefined || pod.terminating) throw missing('The pod went away before it could be reached.')
    return pod
  }

  #podNamed(namespace: string, name: string): Pod {
    const here = this.#workloads.pods.filter(({ identity }) => identity.namespace === namespace)
    const found = here.find(({ identity }) => identity.name === name)
    if (found !== undefined) return found
    const known = here.map(({ identity }) => identity.name).join(', ') || 'none'
    throw missing(`There is no pod ${name} in namespace ${namespace}. Known are: ${known}.`)
  }

  #podsChanged(): void {
    this.#workloads.reconcile()
    this.#announce()
  }

  #announce(): void {
    this.#notice ??= setTimeout(() => {
      this.#notice = undefined
      for (const listener of this.#listeners) listener()
    }, COALESCE_MS)
  }

  /** What was changed is kept first, then made so. */
  async #settle(): Promise<void> {
    await this.#save()
    this.#workloads.control()
    this.#announce()
  }

  async #save(): Promise<void> {
    if (this.#desired !== undefined) await saveDesired(this.#options.folder, this.#desired)
  }

  /** Commands one after another: each sees the state that the one before has left. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}

function requireDistinct(specs: readonly ObjectSpec[]): void {
  const seen = new Set<string>()
  for (const spec of specs) {
    const key = `${spec.kind}/${spec.namespace}/${spec.name}`
    if (seen.has(key)) throw invalid(`${spec.kind}/${spec.name} is there twice.`)
    seen.add(key)
  }
}

function noKind(kind: string): AppError {
  return invalid(`${kind} is no kind that a local infrastructure has.`)
}
