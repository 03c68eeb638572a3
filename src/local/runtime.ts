import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandEnd, CommandOrder, LoadReport } from '../engine/index.ts'
import { AppError } from '../platform/index.ts'
import { runCommand } from './commands.ts'
import { DeploymentController } from './deployment-controller.ts'
import { type Desired, type DesiredDeployment, loadDesired, saveDesired } from './desired-state.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { chooseIsolation, type Isolation } from './isolation.ts'
import { Loads } from './load/loads.ts'
import type { PodLoad } from './load/pod-load.ts'
import type { ApplyResult, Local, LocalOptions, ObjectFilter, ObjectRef, Objects, ServiceView } from './local.ts'
import { requirePlain } from './manifest-reader.ts'
import { type DeploymentSpec, type ObjectSpec, parseObject } from './object-spec.ts'
import type { Pod, PodKit } from './pod.ts'
import { reapMarked } from './reaper.ts'
import { Services } from './services.ts'
import { type NetworkToxic, Toxics } from './toxics.ts'
import { WardenLink } from './warden-link.ts'

const COALESCE_MS = 20
const STOP_GRACE_SECONDS = 2

/** Makes the runtime; nothing runs before `start`. */
export function createLocal(options: LocalOptions): Local {
  return new Runtime(options)
}

type Key = string

class Runtime implements Local {
  readonly #options: LocalOptions
  readonly #controllers = new Map<Key, DeploymentController>()
  readonly #toxics = new Toxics()
  readonly #services: Services
  readonly #listeners = new Set<() => void>()
  #desired: Desired = { mark: '', deployments: [], services: [] }
  #kit: PodKit | undefined
  #loads: Loads | undefined
  #lock: FolderLock | undefined
  #warden: WardenLink | undefined
  #isolation: Isolation | undefined
  #notice: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: LocalOptions) {
    this.#options = options
    this.#services = new Services({ pods: () => this.#pods(), toxics: this.#toxics, log: options.log })
  }

  /** The folder is locked first: reaping must never meet another agent's workloads. */
  async start(): Promise<void> {
    const { folder, baseEnv, clock, log } = this.#options
    this.#lock = await lockFolder(folder)
    const desired = await loadDesired(folder)
    this.#desired = desired
    const reaped = await reapMarked(desired.mark)
    if (reaped > 0) log.warn({ processes: reaped }, 'processes of an earlier agent were ended')
    await rm(join(folder, 'pods'), { recursive: true, force: true })
    this.#isolation = await chooseIsolation(this.#options.isolation, baseEnv.PATH ?? '')
    this.#warden = new WardenLink(desired.mark, log)
    this.#warden.start()
    this.#loads = new Loads({ mark: desired.mark, warden: this.#warden })
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
    this.#services.start(desired.services)
    for (const deployment of desired.deployments) this.#control(deployment)
    log.info(
      { isolation: this.#isolation.description, deployments: this.#controllers.size },
      'local infrastructure is up'
    )
  }

  apply(manifests: readonly unknown[]): Promise<ApplyResult[]> {
    return this.#inTurn(async () => {
      const specs = manifests.map(parseObject)
      requireDistinct(specs)
      const opened = await this.#services.open(specs.filter((spec) => spec.kind === 'Service'))
      const results = specs.map((spec) => {
        const port = opened.get(`${spec.namespace}/${spec.name}`)
        const action = spec.kind === 'Service' ? this.#services.take(spec, port) : this.#put(spec)
        return { object: `${spec.kind.toLowerCase()}/${spec.name}`, action, warnings: spec.warnings }
      })
      await this.#save()
      for (const deployment of this.#desired.deployments) this.#control(deployment)
      this.#announce()
      return results
    })
  }

  objects(filter: ObjectFilter = {}): Objects {
    const wanted = (kind: string) => filter.kind === undefined || singular(filter.kind) === kind
    const fits = (object: { namespace: string; name: string }) =>
      (filter.namespace === undefined || object.namespace === filter.namespace) &&
      (filter.name === undefined || object.name === filter.name)
    const controllers = [...this.#controllers.values()]
    const pods = () => this.#pods().map((pod) => pod.view())
    return {
      deployments: wanted('deployment') ? controllers.map((controller) => controller.view()).filter(fits) : [],
      pods: wanted('pod') ? pods().filter(fits) : [],
      services: wanted('service') ? this.#services.views().filter(fits) : []
    }
  }

  setImage(ref: ObjectRef, images: Readonly<Record<string, string>>): Promise<void> {
    return this.#inTurn(async () => {
      const deployment = this.#find(ref)
      const { container } = deployment.spec.template
      for (const [name, image] of Object.entries(images)) {
        if (name !== container.name)
          throw invalid(`deployment/${ref.name} has no container ${name}; it has ${container.name}.`)
        requirePlain(image, () => invalid(`deployment/${ref.name}: the image of ${name} is not a text.`))
      }
      const template = {
        ...deployment.spec.template,
        container: { ...container, image: images[container.name] ?? container.image }
      }
      this.#put({ ...deployment.spec, template })
      await this.#save()
      this.#control(this.#find(ref))
      this.#announce()
    })
  }

  onChange(listener: () => void): () => void {
    const own = () => listener()
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  async deletePod(uid: string, { graceSeconds }: { graceSeconds: number }): Promise<void> {
    await Promise.all([...this.#controllers.values()].map((controller) => controller.deletePod(uid, graceSeconds)))
  }

  killContainer(uid: string, { container, signal }: { container: string | null; signal: NodeJS.Signals }): void {
    const pod = this.#pod(uid)
    const { name } = pod.spec.container
    if (container !== null && container !== name)
      throw missing(`Pod ${pod.identity.name} has no container ${container}; it has ${name}.`)
    pod.signal(signal)
  }

  pausePod(uid: string, by: string): void {
    this.#pod(uid).pause(by)
  }

  resumePod(uid: string, by: string): void {
    this.#pods()
      .find((pod) => pod.uid === uid)
      ?.resume(by)
  }

  async pauseOf(uid: string): Promise<{ by: string[]; stopped: boolean }> {
    const pod = this.#pods().find((candidate) => candidate.uid === uid)
    return (await pod?.pauses()) ?? { by: [], stopped: false }
  }

  async addLoad(load: PodLoad): Promise<void> {
    const pod = this.#pod(load.podUid)
    if (pod.view().phase !== 'running') throw missing('No process of the pod runs now.')
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

  toxics(): NetworkToxic[] {
    return this.#toxics.all()
  }

  async runCommand(order: CommandOrder): Promise<CommandEnd> {
    return runCommand(this.#started(), order)
  }

  service(host: string, fromNamespace: string): ServiceView | undefined {
    return this.#services.find(host, fromNamespace)
  }

  logs(namespace: string, name: string): string[] {
    const pod = this.#pods().find(({ identity }) => identity.namespace === namespace && identity.name === name)
    if (pod === undefined) throw missing(`There is no pod ${name} in namespace ${namespace}.`)
    return pod.logs()
  }

  isolation(): string {
    return this.#isolation?.description ?? 'not started'
  }

  async stop(): Promise<void> {
    clearTimeout(this.#notice)
    await this.#turn.catch(() => undefined)
    await this.#services.close()
    await this.#loads?.close()
    await Promise.all([...this.#controllers.values()].map((controller) => controller.stop(STOP_GRACE_SECONDS)))
    clearTimeout(this.#notice)
    await this.#warden?.close()
    await this.#lock?.release()
  }

  /** Labels and annotations of the object itself are no change of its spec, as in Kubernetes. */
  #put(spec: DeploymentSpec): ApplyResult['action'] {
    const { deployments } = this.#desired
    const index = deployments.findIndex((deployment) => keyOf(deployment.spec) === keyOf(spec))
    const known = deployments[index]
    if (known === undefined) {
      deployments.push({ uid: randomBytes(13).toString('hex'), generation: 1, rolledOut: 0, spec })
      return 'created'
    }
    if (JSON.stringify(known.spec) === JSON.stringify(spec)) return 'unchanged'
    const generation = known.generation + (specText(known.spec) === specText(spec) ? 0 : 1)
    deployments[index] = { ...known, generation, spec }
    return 'changed'
  }

  #control(desired: DesiredDeployment): void {
    const key = keyOf(desired.spec)
    const known = this.#controllers.get(key)
    if (known !== undefined) {
      known.change(desired)
      return
    }
    const controller = new DeploymentController(desired, {
      kit: this.#started(),
      clock: this.#options.clock,
      rolledOut: () => void this.#inTurn(() => this.#save()).catch(() => undefined),
      podGone: (uid) => this.#services.podGone(uid)
    })
    this.#controllers.set(key, controller)
    controller.reconcile()
  }

  #started(): PodKit {
    if (this.#kit !== undefined) return this.#kit
    throw new AppError({ code: 'local/not-started', kind: 'bug', message: 'the runtime was not started' })
  }

  #pods(): Pod[] {
    return [...this.#controllers.values()].flatMap((controller) => controller.pods)
  }

  #pod(uid: string): Pod {
    const pod = this.#pods().find((candidate) => candidate.uid === uid)
    if (pod === undefined || pod.terminating) throw missing('The pod went away before it could be reached.')
    return pod
  }

  #find(ref: ObjectRef): DesiredDeployment {
    const kind = singular(ref.kind)
    const found = this.#desired.deployments.find(
      ({ spec }) => spec.namespace === ref.namespace && spec.name === ref.name
    )
    if (kind === 'deployment' && found !== undefined) return found
    const known =
      this.#desired.deployments.map(({ spec }) => `${spec.namespace}/deployment/${spec.name}`).join(', ') || 'none'
    throw missing(`There is no ${ref.kind}/${ref.name} in namespace ${ref.namespace}. Known are: ${known}.`)
  }

  #podsChanged(): void {
    for (const controller of this.#controllers.values()) controller.reconcile()
    this.#announce()
  }

  #announce(): void {
    this.#notice ??= setTimeout(() => {
      this.#notice = undefined
      for (const listener of this.#listeners) listener()
    }, COALESCE_MS)
  }

  #save(): Promise<void> {
    return saveDesired(this.#options.folder, this.#desired)
  }

  /** Commands one after another: each sees the state that the one before has left. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}

function keyOf(spec: { kind: string; namespace: string; name: string }): Key {
  return `${spec.kind}/${spec.namespace}/${spec.name}`
}

function specText({
  labels: _labels,
  annotations: _annotations,
  warnings: _warnings,
  ...spec
}: DeploymentSpec): string {
  return JSON.stringify(spec)
}

function requireDistinct(specs: readonly ObjectSpec[]): void {
  const seen = new Set<Key>()
  for (const spec of specs) {
    if (seen.has(keyOf(spec))) throw invalid(`${spec.kind}/${spec.name} is there twice.`)
    seen.add(keyOf(spec))
  }
}

/** `deployments`, `deploy` and `Deployment` are one thing to people. */
function singular(kind: string): string {
  const lower = kind.toLowerCase()
  const short: Record<string, string> = { deploy: 'deployment', po: 'pod', svc: 'service' }
  return short[lower] ?? lower.replace(/s$/, '')
}

function invalid(message: string): AppError {
  return new AppError({ code: 'local/invalid', kind: 'invalid', message })
}

function missing(message: string): AppError {
  return new AppError({ code: 'local/missing', kind: 'missing', message })
}
