export { choosePods, type PodSelection } from './choose-pods.ts'
export { createBuiltinEngine } from './engine.ts'
export type { Fault, FaultPlan, FaultWorld, InjectionAim, ParsedFault, Proof, UndoData } from './fault.ts'
export type { Journal, JournalRecord } from './journal.ts'
export type { BuiltinEngineOptions } from './parts.ts'
export type { ParsedProbe, Probe, ProbeCheck, ProbeWorld } from './probe.ts'
export {
  type Emit,
  type EngineTask,
  type ReapResult,
  type RunContext,
  type RunEngine,
  type StopReason,
  stopReasonOf
} from './run-engine.ts'
export {
  type NetworkShape,
  type PodRef,
  selectorText,
  type Target,
  type TargetPod,
  type TargetWorkload
} from './target.ts'
