import type { CommandEnd, CommandOrder, LoadReport } from '../engine/index.ts'
import type { Clock, Logger } from '../platform/index.ts'
import type { PodLoad } from './load/pod-load.ts'
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

export interface DeploymentView {
  uid: string
  namespace: string
  name: string
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** grows with each change of the spec */
  generation: number
  containers: { name: string; image: string }[]
  replicas: number
  readyReplicas: number
  rollout: Rollout
  message: string | null
}

export interface PodView {
  uid: string
  namespace: string
  name: string
  labels: Readonly<Record<string, string>>
  workload: { kind: 'Deployment'; name: string; uid: string }
  phase: 'running' | 'waiting' | 'terminating'
  ready: boolean
  restarts: number
  /** of the process group, as seen from outside its namespace */
  pid: number | null
  port: number | null
  images: Readonly<Record<string, string>>
  /** ISO 8601 */
  startedAt: string
}

export interface ServiceView {
  namespace: string
  name: string
  host: string
  port: number
  /** names of the ready pods behind it */
  endpoints: string[]
  problem: string | null
}

export interface Objects {
  deployments: DeploymentView[]
  pods: PodView[]
  services: ServiceView[]
}

export interface ObjectFilter {
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

/**
 * A small runtime with Kubernetes' manners: Deployments whose pods are OS processes, Services that are TCP proxies.
 * Rejects with AppErrors `local/…` that name the object and the place.
 */
export interface Local {
  /** reaps what an earlier agent left, then brings everything desired up */
  start(): Promise<void>
  /** all or nothing */
  apply(manifests: readonly unknown[]): Promise<ApplyResult[]>
  objects(filter?: ObjectFilter): Objects
  setImage(ref: ObjectRef, images: Readonly<Record<string, string>>): Promise<void>
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
  toxics(): NetworkToxic[]
  /** a command of a probe, run as a workload is; rejects with `local/command-…` when it comes to no end */
  runCommand(order: CommandOrder): Promise<CommandEnd>
  /** `name`, `name.namespace`, `name.namespace.svc`, `name.namespace.svc.cluster.local`, seen from a namespace */
  service(host: string, fromNamespace: string): ServiceView | undefined
  /** last lines of a pod's output */
  logs(namespace: string, pod: string): string[]
  /** how pods are kept from outliving the agent, for people */
  isolation(): string
  stop(): Promise<void>
}
