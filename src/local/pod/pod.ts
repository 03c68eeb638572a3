import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, type Clock, type Logger } from '../../platform/index.ts'
import type { Isolation } from '../isolation.ts'
import type { PodStorage } from '../load/pod-load.ts'
import type { PodView } from '../local.ts'
import { MARK_VARIABLE, POD_VARIABLE, reapMarked } from '../reaper.ts'
import type { ContainerSpec, PortRef } from '../spec/container-spec.ts'
import type { PodSpec } from '../spec/pod-spec.ts'
import type { WardenLink } from '../warden-link.ts'
import { Container } from './container.ts'
import { ContainerLog } from './container-log.ts'
import { PodPorts } from './pod-ports.ts'

export interface PodKit {
  folder: string
  baseEnv: Readonly<Record<string, string>>
  mark: string
  isolation: Isolation
  warden: WardenLink
  clock: Clock
  log: Logger
  /** addresses of the namespace's services, as Kubernetes puts them into the environment */
  serviceEnv(namespace: string): Record<string, string>
  /** the process of a pod's first container has ended */
  ended(podUid: string): void
  /** something about the pod has changed */
  changed(): void
}

export interface PodIdentity {
  namespace: string
  name: string
  workload: PodView['workload']
  /** of the template, and what its workload adds */
  labels: Readonly<Record<string, string>>
  /** its number in a StatefulSet; null elsewhere */
  ordinal: number | null
  /** of the template it was made from */
  templateHash: string
  /** volumes that outlive it, by name: their folders */
  claims: Readonly<Record<string, string>>
}

/** One pod: its init containers one after another, then its containers side by side, until the pod is deleted. */
export class Pod {
  readonly uid = randomBytes(13).toString('hex')
  readonly identity: PodIdentity
  readonly spec: PodSpec
  readonly #kit: PodKit
  readonly #startedAt: Date
  readonly #ports: PodPorts
  readonly #init: Container[]
  readonly #containers: Container[]
  readonly #gone = Promise.withResolvers<void>()
  #terminating = false

  constructor(identity: PodIdentity, spec: PodSpec, kit: PodKit) {
    this.identity = identity
    this.spec = spec
    this.#kit = kit
    this.#startedAt = kit.clock.now()
    this.#ports = new PodPorts(spec.containers)
    this.#init = spec.init.map((one) => this.#container(one, true))
    this.#containers = spec.containers.map((one) => this.#container(one, false))
    void this.#begin()
  }

  get ready(): boolean {
    return !this.#terminating && this.#containers.every(({ ready }) => ready)
  }

  get terminating(): boolean {
    return this.#terminating
  }

  /** what it may fill, and where */
  get storage(): PodStorage {
    return { folder: this.#folder, limitBytes: this.spec.ephemeralStorageBytes }
  }

  /** the process of its first container runs */
  get running(): boolean {
    return !this.#terminating && this.#containers[0]?.pid != null
  }

  /** on 127.0.0.1; null = it has none of this name */
  port(ref: PortRef): number | null {
    return this.#ports.any(ref)
  }

  view(): PodView {
    const containers = [...this.#init, ...this.#containers].map((container) => container.view())
    return {
      uid: this.uid,
      namespace: this.identity.namespace,
      name: this.identity.name,
      labels: this.identity.labels,
      workload: this.identity.workload,
      phase: this.#terminating ? 'terminating' : this.running ? 'running' : 'waiting',
      ready: this.ready,
      restarts: containers.reduce((sum, { restarts }) => sum + restarts, 0),
      pid: this.#containers[0]?.pid ?? null,
      port: this.port(null),
      images: Object.fromEntries(containers.map(({ name, image }) => [name, image])),
      containers,
      startedAt: this.#startedAt.toISOString()
    }
  }

  /** Why it is not ready, where that is known: the first container that waits. */
  trouble(): string | null {
    if (this.#terminating || this.ready) return null
    const waiting = this.#all.map((container) => container.view()).find(({ reason }) => reason !== null)
    return waiting === undefined ? null : `Pod ${this.identity.name}: container ${waiting.name} ${waiting.reason}.`
  }

  /** By name, init containers too; null = the first one. Throws `local/missing` with the names that there are. */
  container(name: string | null): Container {
    const all = [...this.#containers, ...this.#init]
    const found = name === null ? all[0] : all.find(({ spec }) => spec.name === name)
    if (found !== undefined) return found
    const message = `Pod ${this.identity.name} has no container ${name}; it has ${all.map(({ spec }) => spec.name).join(', ')}.`
    throw new AppError({ code: 'local/missing', kind: 'missing', message })
  }

  pause(by: string): void {
    for (const container of this.#all) container.pause(by)
  }

  resume(by: string): void {
    for (const container of this.#all) container.resume(by)
  }

  async pauses(): Promise<{ by: string[]; stopped: boolean }> {
    const found = await Promise.all(this.#all.map((container) => container.pauses()))
    const running = found.filter((one) => one !== null)
    const by = [...new Set(running.flatMap((one) => one.by))]
    return { by, stopped: running.length > 0 && running.every((one) => one.stopped) }
  }

  /** Resolves when no process of the pod is left. */
  delete(graceSeconds: number): Promise<void> {
    const stopped = Promise.all(this.#all.map((container) => container.stop(graceSeconds)))
    if (!this.#terminating) {
      this.#terminating = true
      void stopped.then(() => this.#clear())
      this.#kit.changed()
    }
    return this.#gone.promise
  }

  get #all(): Container[] {
    return [...this.#init, ...this.#containers]
  }

  get #folder(): string {
    return join(this.#kit.folder, 'pods', this.identity.namespace, this.identity.name)
  }

  get #logFolder(): string {
    return join(this.#kit.folder, 'logs', this.identity.namespace, this.identity.name)
  }

  async #begin(): Promise<void> {
    for (const init of this.#init) {
      if (this.#terminating) return
      init.start()
      await init.completed
    }
    if (!this.#terminating) for (const container of this.#containers) container.start()
  }

  #container(spec: ContainerSpec, init: boolean): Container {
    const { isolation, warden, clock } = this.#kit
    const first = this.spec.containers[0]?.name === spec.name
    return new Container(spec, {
      mark: `${this.uid}/${spec.name}`,
      home: join(this.#folder, spec.name),
      init,
      isolation,
      warden,
      clock,
      log: new ContainerLog(join(this.#logFolder, `${spec.name}.log`), clock),
      environment: (again) => this.#environment(spec, again),
      port: (ref) => this.#ports.of(spec.name, ref),
      ended: () => {
        if (first) this.#kit.ended(this.uid)
      },
      changed: () => this.#kit.changed()
    })
  }

  /** Without a namespace a process that has left the group is still there: it is found by the pod's own mark. */
  async #clear(): Promise<void> {
    if (!this.#kit.isolation.namespaces) await reapMarked(this.uid, POD_VARIABLE)
    await Promise.all(this.#all.map(({ log }) => log.close().catch(() => undefined)))
    for (const folder of [this.#folder, this.#logFolder])
      await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined)
    this.#gone.resolve()
    this.#kit.changed()
  }

  async #environment(spec: ContainerSpec, again: boolean): Promise<Record<string, string>> {
    const { baseEnv, mark, serviceEnv } = this.#kit
    const { namespace, name } = this.identity
    await (again ? this.#ports.chooseAgain(spec.name) : this.#ports.choose())
    return {
      ...baseEnv,
      ...serviceEnv(namespace),
      ...(await this.#volumes(spec)),
      ...spec.env,
      ...this.#ports.env(spec.name),
      HOME: join(this.#folder, spec.name),
      POD_NAME: name,
      POD_NAMESPACE: namespace,
      POD_IP: '127.0.0.1',
      FAULTLINE_IMAGE: spec.image,
      [MARK_VARIABLE]: mark,
      [POD_VARIABLE]: this.uid
    }
  }

  /** `VOLUME_NAME` of each volume that the container mounts; the folder is there. */
  async #volumes({ volumes }: ContainerSpec): Promise<Record<string, string>> {
    const env: Record<string, string> = {}
    for (const name of volumes) {
      const own = this.spec.volumes.includes(name) ? join(this.#folder, '.volumes', name) : undefined
      const folder = this.identity.claims[name] ?? own
      if (folder === undefined) continue
      await mkdir(folder, { recursive: true, mode: 0o700 })
      env[`VOLUME_${name.toUpperCase().replaceAll('-', '_')}`] = folder
    }
    return env
  }
}
