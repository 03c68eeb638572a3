import { randomBytes } from 'node:crypto'
import { AppError } from '../platform/index.ts'
import { DeploymentController } from './deployment-controller.ts'
import { type Desired, type DesiredDeployment, loadDesired, saveDesired } from './desired-state.ts'
import { chooseIsolation, type Isolation } from './isolation.ts'
import type {
  ApplyResult,
  Local,
  LocalOptions,
  NetworkToxic,
  ObjectFilter,
  ObjectRef,
  Objects,
  ServiceView
} from './local.ts'
import { type DeploymentSpec, type ObjectSpec, parseObject, type ServiceSpec } from './object-spec.ts'
import type { Pod, PodKit } from './pod.ts'
import { ServiceProxy } from './proxy.ts'
import { reapMarked } from './reaper.ts'
import { serviceNameOf } from './service-name.ts'
import { WardenLink } from './warden-link.ts'

const COALESCE_MS = 20

/** Makes the runtime; nothing runs before `start`. */
export function createLocal(options: LocalOptions): Local {
  return new Runtime(options)
}

type Key = string

class Runtime implements Local {
  readonly #options: LocalOptions
  readonly #controllers = new Map<Key, DeploymentController>()
  readonly #proxies = new Map<Key, ServiceProxy>()
  readonly #toxics = new Map<string, NetworkToxic>()
  readonly #listeners = new Set<() => void>()
  #desired: Desired = { mark: '', deployments: [], services: [] }
  #kit: PodKit | undefined
  #warden: WardenLink | undefined
  #isolation: Isolation | undefined
  #notice: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: LocalOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { folder, baseEnv, clock, log } = this.#options
    this.#desired = await loadDesired(folder)
    const reaped = await reapMarked(this.#desired.mark)
    if (reaped > 0) log.warn({ processes: reaped }, 'processes of an earlier agent were ended')
    this.#isolation = await chooseIsolation(this.#options.isolation, baseEnv.PATH ?? '')
    this.#warden = new WardenLink(this.#desired.mark, log)
    this.#warden.start()
    this.#kit = {
      folder,
      baseEnv,
      mark: this.#desired.mark,
      isolation: this.#isolation,
      warden: this.#warden,
      clock,
      log,
      serviceEnv: (namespace) => this.#serviceEnv(namespace),
      changed: () => this.#podsChanged()
    }
    for (const service of this.#desired.services) this.#proxy(service.spec).listenPatiently(service.port)
    for (const deployment of this.#desired.deployments) this.#control(deployment)
    log.info(
      { isolation: this.#isolation.description, deployments: this.#controllers.size },
      'local infrastructure is up'
    )
  }

  apply(manifests: readonly unknown[]): Promise<ApplyResult[]> {
    return this.#inTurn(async () => {
      const specs = manifests.map(parseObject)
      requireDistinct(specs)
      const services = specs.filter((spec) => spec.kind === 'Service')
      const opened = await this.#openNew(services)
      const results = specs.map((spec) => this.#take(spec, opened))
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
    return {
      deployments: wanted('deployment') ? controllers.map((controller) => controller.view()).filter(fits) : [],
      pods: wanted('pod')
        ? this.#pods()
            .map((pod) => pod.view())
            .filter(fits)
        : [],
      services: wanted('service') ? this.#desired.services.map(({ spec }) => this.#serviceView(spec)).filter(fits) : []
    }
  }

  setImage(ref: ObjectRef, images: Readonly<Record<string, string>>): Promise<void> {
    return this.#inTurn(async () => {
      const deployment = this.#find(ref)
      const { container } = deployment.spec.template
      for (const name of Object.keys(images)) {
        if (name !== container.name)
          throw invalid(`deployment/${ref.name} has no container ${name}; it has ${container.name}.`)
      }
      const template = {
        ...deployment.spec.template,
        container: { ...container, image: images[container.name] ?? container.image }
      }
      const spec = { ...deployment.spec, template }
      this.#put(spec)
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

  addToxic(toxic: NetworkToxic): void {
    this.#toxics.set(toxic.id, toxic)
  }

  removeToxic(id: string): void {
    this.#toxics.delete(id)
  }

  toxics(): NetworkToxic[] {
    return [...this.#toxics.values()]
  }

  service(host: string, fromNamespace: string): ServiceView | undefined {
    const wanted = serviceNameOf(host, fromNamespace)
    const found = this.#desired.services.find(
      ({ spec }) => spec.name === wanted?.name && spec.namespace === wanted.namespace
    )
    return found && this.#serviceView(found.spec)
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
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()))
    await Promise.all([...this.#controllers.values()].map((controller) => controller.stop(2)))
    clearTimeout(this.#notice)
    await this.#warden?.close()
  }

  /** Takes the ports of new services first: when one is in use, nothing was changed. */
  async #openNew(specs: readonly ServiceSpec[]): Promise<Map<Key, number>> {
    const opened = new Map<Key, number>()
    try {
      for (const spec of specs) {
        const known = this.#desired.services.find((service) => keyOf(service.spec) === keyOf(spec))
        if (known !== undefined && (spec.nodePort === null || spec.nodePort === known.port)) continue
        await this.#proxies.get(keyOf(spec))?.close()
        this.#proxies.delete(keyOf(spec))
        opened.set(keyOf(spec), await this.#proxy(spec).listen(spec.nodePort ?? 0))
      }
      return opened
    } catch (error) {
      for (const key of opened.keys()) {
        await this.#proxies.get(key)?.close()
        this.#proxies.delete(key)
      }
      throw error
    }
  }

  #take(spec: ObjectSpec, opened: Map<Key, number>): ApplyResult {
    const action = spec.kind === 'Service' ? this.#putService(spec, opened.get(keyOf(spec))) : this.#put(spec)
    return { object: `${spec.kind.toLowerCase()}/${spec.name}`, action, warnings: spec.warnings }
  }

  #putService(spec: ServiceSpec, port: number | undefined): ApplyResult['action'] {
    const known = this.#desired.services.find((service) => keyOf(service.spec) === keyOf(spec))
    if (known === undefined) {
      this.#desired.services.push({ spec, port: port ?? 0 })
      return 'created'
    }
    const same = JSON.stringify(known.spec) === JSON.stringify(spec)
    known.spec = spec
    known.port = port ?? known.port
    return same ? 'unchanged' : 'changed'
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
    if (this.#kit === undefined)
      throw new AppError({ code: 'local/not-started', kind: 'bug', message: 'the runtime was not started' })
    const controller = new DeploymentController(desired, {
      kit: this.#kit,
      clock: this.#options.clock,
      rolledOut: () => void this.#inTurn(() => this.#save()).catch(() => undefined),
      podGone: (uid) => {
        for (const proxy of this.#proxies.values()) proxy.podGone(uid)
      }
    })
    this.#controllers.set(key, controller)
    controller.reconcile()
  }

  #proxy(spec: ServiceSpec): ServiceProxy {
    const key = keyOf(spec)
    const proxy = new ServiceProxy({
      backends: () =>
        this.#endpoints(key).map((pod) => ({ uid: pod.uid, name: pod.identity.name, port: pod.port ?? 0 })),
      delayOf: (uid) => this.#delayOf(uid),
      log: this.#options.log
    })
    this.#proxies.set(key, proxy)
    return proxy
  }

  #endpoints(key: Key): Pod[] {
    const spec = this.#desired.services.find((service) => keyOf(service.spec) === key)?.spec
    if (spec === undefined) return []
    const selected = (pod: Pod) =>
      Object.entries(spec.selector).every(([label, value]) => pod.spec.labels[label] === value)
    return this.#pods().filter((pod) => pod.identity.namespace === spec.namespace && pod.ready && selected(pod))
  }

  #delayOf(uid: string): number {
    let ms = 0
    for (const toxic of this.#toxics.values()) {
      if (toxic.podUid === uid) ms += Math.max(0, toxic.latencyMs + (Math.random() * 2 - 1) * toxic.jitterMs)
    }
    return ms
  }

  #serviceEnv(namespace: string): Record<string, string> {
    const env: Record<string, string> = {}
    for (const { spec, port } of this.#desired.services) {
      if (spec.namespace !== namespace) continue
      const name = spec.name.toUpperCase().replaceAll('-', '_')
      env[`${name}_SERVICE_HOST`] = '127.0.0.1'
      env[`${name}_SERVICE_PORT`] = String(port)
    }
    return env
  }

  #serviceView(spec: ServiceSpec): ServiceView {
    const key = keyOf(spec)
    const port = this.#desired.services.find((service) => keyOf(service.spec) === key)?.port ?? 0
    const endpoints = this.#endpoints(key).map((pod) => pod.identity.name)
    return {
      namespace: spec.namespace,
      name: spec.name,
      host: '127.0.0.1',
      port,
      endpoints,
      problem: this.#proxies.get(key)?.problem ?? null
    }
  }

  #pods(): Pod[] {
    return [...this.#controllers.values()].flatMap((controller) => controller.pods)
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
