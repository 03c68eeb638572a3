import type { CommandEnd, CommandOrder, LoadReport, ShapeReport } from '../engine/index.ts'
import type { Clock, Logger } from '../platform/index.ts'
import type { PodLoad } from './load/pod-load.ts'
import type { WorkloadKind } from './spec/workload-spec.ts'
import type { NetworkToxic } from './toxics.ts'

export interface LocalOptions {
  /** state: desired workloads, the agent's mark, the socket */
  folder: string
  /** what workloads inherit; nothing else of the surroundings reaches them */
  baseEnv: Readonly<Record<string, string>>
  /** `auto`: a user and pid namespace for every pod where the kernel lets us; the warden is there in any case */
  isolation: 'auto' | 'warden'
  clock: Clock
  log: Logger
}

export interface ApplyResult {
  /** `deployment/cart` */
  object: string
  action: 'created' | 'changed' | 'unchanged'
  warnings: string[]
}

export type Rollout = 'progressing' | 'healthy' | 'failed'

export interface WorkloadView {
  uid: string
  kind: WorkloadKind
  namespace: string
  name: string
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** grows with each change of the spec */
  generation: number
  /** init containers too */
  containers: { name: string; image: string }[]
  /** its manifest, with the changes since */
  object: Readonly<Record<string, unknown>>
  replicas: number
  readyReplicas: number
  /** of the template as it is now */
  updatedReplicas: number
  rollout: Rollout
  message: string | null
}

export interface PodView {
  uid: string
  namespace: string
  name: string
  labels: Readonly<Record<string, string>>
  workload: { kind: WorkloadKind; name: string; uid: string }
  phase: 'running' | 'waiting' | 'terminating'
  ready: boolean
  /** of all its containers together */
  restarts: number
  /** of the first container's process group, as seen from outside its namespace */
  pid: number | null
  /** the first one of its first container */
  port: number | null
  images: Readonly<Record<string, string>>
  /** init containers first */
  containers: ContainerView[]
  /** ISO 8601 */
  startedAt: string
}

export interface ContainerView {
  name: string
  image: string
  init: boolean
  /** done: an init container that has done its work */
  state: 'waiting' | 'running' | 'done'
  /** why it waits, and for how long */
  reason: string | null
  ready: boolean
  restarts: number
  pid: number | null
  /** its first one, on 127.0.0.1 */
  port: number | null
}

export interface ServiceView {
  namespace: string
  name: string
  host: string
  port: number
  /** names of the ready pods behind it */
  endpoints: string[]
  /** the ready ones that have a name of their own here, pods of StatefulSets: their ports, past the proxy */
  hosts: Readonly<Record<string, number>>
  problem: string | null
}

export interface Objects {
  workloads: WorkloadView[]
  pods: PodView[]
  services: ServiceView[]
}

export interface ObjectFilter {
  /** all of them where none is named */
  kind?: string
  namespace?: string
  name?: string
}

/** Which object a command means. */
export interface ObjectRef {
  kind: string
  namespace: string
  name: string
}

export interface LogListeners {
  lines(lines: readonly string[]): void
  ended(): void
}

/** Whose output is meant. */
export interface LogRef {
  namespace: string
  pod: string
  /** null = the first one of the pod */
  container: string | null
  /** so many of the last lines */
  tail: number
}

/**
 * A small runtime with Kubernetes' manners: workloads whose pods are OS processes, Services that are TCP proxies.
 * Rejects with AppErrors `local/…` that name the object and the place.
 */
export interface Local {
  /** reaps what an earlier agent left, then brings everything desired up */
  start(): Promise<void>
  /** all or nothing */
  apply(manifests: readonly unknown[]): Promise<ApplyResult[]>
  objects(filter?: ObjectFilter): Objects
  setImage(ref: ObjectRef, images: Readonly<Record<string, string>>): Promise<void>
  /** a DaemonSet is refused: it has one pod for the one node */
  scale(ref: ObjectRef, replicas: number): Promise<void>
  /** new pods of the same template, as a rollout */
  restart(ref: ObjectRef): Promise<void>
  /**
   * A workload, a Service or a pod. Resolves when its pods are gone, which a crash does not bring back; `data`: also
   * what the pods of a StatefulSet have kept.
   */
  delete(ref: ObjectRef, options: { data: boolean }): Promise<void>
  /** a spec or rollout has changed; coalesced */
  onChange(listener: () => void): () => void
  /** only the pod with this uid; its workload replaces it */
  deletePod(uid: string, options: { graceSeconds: number }): Promise<void>
  /** to the process of a container of the pod (null = the first one), which the pod starts again if it ends */
  killContainer(uid: string, options: { container: string | null; signal: NodeJS.Signals }): void
  /** stops all processes of the pod's group until `resumePod` of all that have paused it, or until its process has ended */
  pausePod(uid: string, by: string): void
  resumePod(uid: string, by: string): void
  /** a pod that is gone is not paused */
  pauseOf(uid: string): Promise<{ by: string[]; stopped: boolean }>
  /** uses up CPU or memory beside the pod's process, or the disk in its folder, until removed or until the process has ended */
  addLoad(load: PodLoad): Promise<void>
  /** resolves when nothing of it is left */
  removeLoad(id: string): Promise<void>
  loads(): Promise<LoadReport[]>
  addToxic(toxic: NetworkToxic): void
  removeToxic(id: string): void
  /** what is in force, and what came by since */
  toxics(): ShapeReport[]
  /** a command of a probe, run as a workload is; rejects with `local/command-…` when it comes to no end */
  runCommand(order: CommandOrder): Promise<CommandEnd>
  /**
   * `name`, `name.namespace`, `name.namespace.svc`, `name.namespace.svc.cluster.local`, seen from a namespace; with a pod
   * before it (`db-0.db`) that pod of a StatefulSet
   */
  service(host: string, fromNamespace: string): ServiceView | undefined
  /** oldest first */
  logs(ref: LogRef): Promise<string[]>
  /** the last lines, then each new one, until the answered function is called or the pod is gone */
  followLogs(ref: LogRef, listeners: LogListeners): Promise<() => void>
  /** how pods are kept from outliving the agent, for people */
  isolation(): string
  stop(): Promise<void>
}
