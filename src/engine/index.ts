export type { PodSelection } from './choose-pods.ts'
export type {
  Cluster,
  ClusterField,
  ClusterNode,
  ClusterService,
  FieldSwap,
  NodePod,
  ObjectRef,
  Reached,
  Swapped
} from './cluster-part.ts'
export { createBuiltinEngine } from './engine.ts'
export { engineByPlan } from './engine-by-plan.ts'
export type {
  Fault,
  FaultPlan,
  FaultWorld,
  HarmWorld,
  InjectionAim,
  ObjectAim,
  ObjectPlan,
  ParsedFault,
  PodPlan,
  Proof,
  TargetObject,
  UndoData
} from './fault.ts'
export type { Journal, JournalRecord } from './journal.ts'
export type { FoundObject, ObjectKind, ObjectQuery, Objects } from './object-part.ts'
export type { BuiltinEngineOptions } from './parts.ts'
export type { ParsedProbe, Probe, ProbeCheck, ProbeWorld } from './probe.ts'
export type {
  Approvals,
  Emit,
  EngineTask,
  ReapResult,
  RunContext,
  RunEngine,
  StopReason
} from './run-engine.ts'
export {
  type CommandEnd,
  type CommandOrder,
  type ContainerCommand,
  type Containers,
  type Exec,
  type HttpBody,
  type HttpHarm,
  type Load,
  type LoadReport,
  type Network,
  type NetworkShape,
  type PodPause,
  type PodRef,
  type Processes,
  partOf,
  type ShapeReport,
  type Target,
  type TargetPart,
  type TargetPod,
  type TargetWorkload
} from './target.ts'
