import type { ClusterRight } from '../domain/index.ts'
import type { Objects } from './object-part.ts'

/** An object of a cluster, held to its uid: another one that has its name later is not meant. */
export interface ObjectRef {
  /** `Node`, `Deployment`, `Service`, `Pod`… */
  kind: string
  /** empty: it is of no namespace */
  namespace: string
  name: string
  uid: string
}

/** What faults change on objects; each has one text as its value, null = it is not there. */
export type ClusterField =
  | { of: 'replicas' }
  /** of a workload's template, or of a pod; the first container where none is named */
  | { of: 'image'; container: string | null }
  /** when a restart of all pods was asked for, as `kubectl rollout restart` notes it */
  | { of: 'restart' }
  /** of a Service: the value that it wants of this label */
  | { of: 'selector'; label: string }
  /** of any object: the value of its own label */
  | { of: 'label'; label: string }
  /** of a node: `true` = no pod is scheduled there */
  | { of: 'unschedulable' }
  /** of a node: the value of the taint */
  | { of: 'taint'; key: string; effect: string }

/** A change that holds only to what was there before. */
export interface FieldSwap {
  object: ObjectRef
  field: ClusterField
  from: string | null
  to: string | null
  /** that changes it: its id is an annotation of the object from its first change to its last, where the field has a last one */
  injection: string
  /** its last change */
  last?: true
}

/** `changed`: somebody else did, and it was left as it is; what it says now. */
export type Swapped = { kind: 'done' } | { kind: 'gone' } | { kind: 'changed'; now: string | null }

export interface ClusterNode {
  name: string
  uid: string
  labels: Readonly<Record<string, string>>
  unschedulable: boolean
  /** it runs the cluster itself */
  controlPlane: boolean
}

export interface NodePod extends Omit<ObjectRef, 'kind'> {
  labels: Readonly<Record<string, string>>
  /** the kind of what controls it; null: nobody would make it again */
  controller: string | null
  /** it has run to its end */
  over: boolean
  /** it is being deleted */
  leaving: boolean
  /** the node's own, from a file there */
  mirror: boolean
}

export interface ClusterService {
  ref: ObjectRef
  /** empty: whoever made it tells its endpoints */
  selector: Readonly<Record<string, string>>
}

/** What became of a connection; `evidence`: to where, and how it went. */
export interface Reached {
  reached: boolean
  evidence: string
}

/** What can be done to the objects of a cluster through its API server. */
export interface Cluster {
  /** which of these rights nobody gave us there, in words, and what to do; null: none. `namespace` null = everywhere */
  lacking(rights: readonly ClusterRight[], namespace: string | null): Promise<string | null>
  /** undefined: the object is gone */
  fieldOf(object: ObjectRef, field: ClusterField): Promise<string | null | undefined>
  /** sets `to` where `from` is; fine where `to` is already */
  swapField(swap: FieldSwap): Promise<Swapped>
  /** how far its controller is with its newest template; undefined: it is gone */
  rolloutOf(object: ObjectRef): Promise<'progressing' | 'healthy' | 'failed' | undefined>
  /** null: the pod goes, or is gone; else why it was held back */
  evictPod(pod: Omit<ObjectRef, 'kind'>): Promise<string | null>
  nodes(): Promise<ClusterNode[]>
  podsOn(node: string): Promise<NodePod[]>
  services(namespace: string): Promise<ClusterService[]>
  /** addresses behind a Service that serve */
  endpointsOf(service: ObjectRef): Promise<number>
  /** one TCP connection from here to a port of the pod, closed at once; null = the first one that the pod names */
  connectTo(pod: Omit<ObjectRef, 'kind'>, port: number | null): Promise<Reached>
  readonly objects: Objects
}
