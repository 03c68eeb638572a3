import type { InfrastructureKind, TargetSelector } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import type { Cluster } from './cluster-part.ts'

/** A pod (a replica) as it is now. */
export interface TargetPod {
  name: string
  /** never given to another pod */
  uid: string
  namespace: string
  labels: Readonly<Record<string, string>>
  /** a pod that is being deleted is not */
  ready: boolean
  /** how often each of its containers was started again, by name; the first one comes first */
  restarts: Readonly<Record<string, number>>
  /** ISO 8601 */
  startedAt: string
  /** that it is on, where there are nodes */
  node?: string
  workload: { kind: string; name: string; uid: string }
}

export interface TargetWorkload {
  kind: string
  namespace: string
  name: string
  uid: string
  /** replicas asked for */
  desired: number
  /** replicas that serve */
  ready: number
}

/** What came by while a network shape was in force, and how much of it the shape touched. */
export interface ShapeReport {
  injection: string
  of: 'connections' | 'HTTP answers'
  seen: number
  touched: number
}

/** What the network does to what a pod sends. */
export type NetworkShape =
  | { kind: 'latency'; latencyMs: number; jitterMs: number }
  /** that share does not get through */
  | { kind: 'loss'; percentage: number }
  /** a token bucket */
  | { kind: 'rate'; bytesPerSecond: number; burstBytes: number }
  /** that share of its HTTP answers is harmed */
  | { kind: 'http'; percentage: number; harm: HttpHarm }

export type HttpHarm =
  | { kind: 'delay'; ms: number }
  /** the connection is reset so long after the answer has come */
  | { kind: 'reset'; afterMs: number }
  /** another answer; null = as it is; a header with an empty value is removed */
  | { kind: 'answer'; status: number | null; body: HttpBody | null; headers: Readonly<Record<string, string>> }

export interface HttpBody {
  text: string
  contentType: string
  encoding: '' | 'gzip' | 'deflate'
}

/** What is used up; `forced`: also what should be left to others, of a disk never. */
export type Load =
  /** 0 cores = all that are allowed */
  | { kind: 'cpu'; cores: number; percentage: number; forced: boolean }
  | { kind: 'memory'; bytes: number; forced: boolean }
  /** a file in the pod's own folder: up to that share of its ephemeral-storage limit, what is there included; `bytes` where it has no limit */
  | { kind: 'disk'; percentage: number; bytes: number | null }

/** In cores, or in bytes. */
export interface LoadReport {
  injection: string
  asked: number
  allowed: number
  achieved: number
}

/** A command of a probe, for `sh -c`. */
export interface CommandOrder {
  command: string
  /** whose Services it knows */
  namespace: string
  timeoutMs: number
  signal: AbortSignal
}

/** How a command ended by itself, and what it said; what it said is capped. */
export interface CommandEnd {
  code: number
  output: string
  errors: string
}

/**
 * An infrastructure as faults and probes see it. Every call may reject with an AppError; a transient one is worth
 * another try. Undoing calls are idempotent.
 */
export interface Target {
  readonly kind: InfrastructureKind
  /** commands of workflows may run here */
  readonly allowsCommands: boolean
  /** the workloads that the selector means; empty = the target is unknown here */
  workloads(selector: TargetSelector): Promise<TargetWorkload[]>
  /** the pods of these workloads that exist now, ready or not */
  pods(selector: TargetSelector): Promise<TargetPod[]>
  /** Only the pod with this uid; one that is gone already is fine. `force`: no time to end by itself. */
  deletePod(pod: PodRef, options: { graceSeconds: number; force: boolean }): Promise<void>
  /** where workloads run, and as they do; rejects where commands are not allowed, and for one that came to no end */
  runCommand(order: CommandOrder): Promise<CommandEnd>
  /** the service DNS name of the infrastructure in a URL becomes an address that can be reached; other URLs stay */
  resolve(url: URL, namespace: string): URL
  /** null: they are out of its reach */
  readonly containers: Containers | null
  readonly exec: Exec | null
  readonly processes: Processes | null
  readonly network: Network | null
  readonly cluster: Cluster | null
}

/** The parts of a target that not every infrastructure has; a fault says which ones it needs. */
const TARGET_PARTS = {
  containers: 'the containers of pods',
  exec: 'commands in containers',
  processes: 'the processes of pods',
  network: 'the network of pods',
  cluster: 'the objects of a cluster'
} as const
export type TargetPart = keyof typeof TARGET_PARTS

export interface Containers {
  /** Signals the process of a container (null = the first one); the pod stays. A pod or container that is unknown is an error. */
  killContainer(pod: PodRef, options: { container: string | null; signal: 'SIGKILL' | 'SIGTERM' }): Promise<void>
}

/** Commands in the containers of pods; what they leave running goes on. */
export interface Exec {
  /** Held to this very pod. Errors: one that came to no end, or said too much; a container without the program. */
  run(pod: PodRef, command: ContainerCommand): Promise<CommandEnd>
}

export interface ContainerCommand {
  /** null = the first one */
  container: string | null
  argv: readonly string[]
  timeoutMs: number
  signal: AbortSignal
}

/** What can be done to the processes of pods. */
export interface Processes {
  /** stops the processes of a pod where they are, until resumed */
  pausePod(injection: string, pod: PodRef): Promise<void>
  /** ends this injection's pause; the pod goes on when no other one pauses it. Nothing to end is fine */
  resumePod(injection: string, pod: PodRef): Promise<void>
  pauseOf(pod: PodRef): Promise<PodPause>
  /** uses up what the pod needs, until unloaded or the pod's process ends; a load beyond what is allowed is cut down to it */
  loadPod(injection: string, pod: PodRef, load: Load): Promise<void>
  /** resolves when the load is over; nothing to end is fine */
  unloadPod(injection: string): Promise<void>
  /** the loads that are there */
  loads(): Promise<LoadReport[]>
}

/** What can be done to the network of pods. */
export interface Network {
  /** shapes what the pod sends, until cleared; `injection` names it in `clearNetwork` and `shaped` */
  shapeNetwork(injection: string, pod: PodRef, shape: NetworkShape): Promise<void>
  /** nothing to clear is fine */
  clearNetwork(injection: string): Promise<void>
  /** the network shapes in force, and what came by since */
  shaped(): Promise<ShapeReport[]>
}

/** What is seen of a pod's pauses; a pod that is gone has none. */
export interface PodPause {
  /** injections that pause it */
  by: readonly string[]
  /** all its processes are stopped */
  stopped: boolean
}

export type PodRef = Pick<TargetPod, 'namespace' | 'name' | 'uid'>

/** A part that a fault has said it needs. Errors: `engine/no-part`, where the infrastructure is without it. */
export function partOf<P extends TargetPart>(target: Target, part: P): NonNullable<Target[P]> {
  const found = target[part]
  if (found !== null) return found
  throw new AppError({ code: 'engine/no-part', kind: 'invalid', message: outOfReach(target, part) })
}

export function outOfReach({ kind }: Target, part: TargetPart): string {
  return `an agent on ${kind} infrastructures does not reach ${TARGET_PARTS[part]}`
}

/** `shop/deployment app=cart`, as messages name a selector. */
export function selectorText({ namespace, kind, labels }: TargetSelector): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return `${namespace}/${kind} ${pairs.join(',') || '(no labels)'}`
}
