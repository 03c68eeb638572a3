import type { FaultSchema, Problem, TargetSelector } from '../domain/index.ts'
import type { Clock } from '../platform/index.ts'
import type { PodSelection } from './choose-pods.ts'
import type { ObjectRef } from './cluster-part.ts'
import type { Target, TargetPart, TargetPod } from './target.ts'

/** What a look at the world showed. `evidence` is one sentence for people. */
export interface Proof {
  proved: boolean
  evidence: string
  /** of a recovery: the harm is over, and this is what somebody else has changed meanwhile, which was left as it is */
  drift?: string
}

/** JSON that a fault needs to undo one injection without anything else: kept in the journal, read after a crash. */
export type UndoData = Readonly<Record<string, unknown>>

/** What faults may touch. Calls end when `signal` aborts; the engine does not wait for those that do not. */
export interface FaultWorld {
  target: Target
  clock: Clock
  signal: AbortSignal
}

/** The world once the undo record of the injection is written. */
export interface HarmWorld extends FaultWorld {
  undo: UndoData
}

/** A kind of harm. */
export interface Fault {
  readonly schema: FaultSchema
  /** parts that the infrastructure must have */
  readonly needs: readonly TargetPart[]
  /** Litmus' tunables as written → what to do, or what is wrong with them; never throws. */
  parse(tunables: Readonly<Record<string, string>>): ParsedFault
  /** ends the harm of one injection, from the undo data alone; idempotent; harm that was never applied is fine */
  recover(undo: UndoData, world: FaultWorld): Promise<void>
  /** one look whether all is as before; asked again until proved or the deadline has passed */
  proveRecovery(undo: UndoData, world: FaultWorld): Promise<Proof>
}

export type ParsedFault = { ok: true; plan: FaultPlan } | { ok: false; problems: readonly Problem[] }

/** One fault with its tunables. The engine does what is common: choosing targets, journal, rounds, deadlines. */
export type FaultPlan = PodPlan | ObjectPlan

/** Pods are hit, of the workload that the workflow names. */
export interface PodPlan extends HarmPlan<InjectionAim> {
  pods: PodSelection
}

/** Other objects of a cluster are hit: nodes, workloads as a whole, Services. */
export interface ObjectPlan extends HarmPlan<ObjectAim> {
  /** What may be hit, as it is now; rejects, saying why, where there is nothing. */
  objects(selector: TargetSelector, world: FaultWorld): Promise<TargetObject[]>
  /** share of them that is hit, at least one; 0 = exactly one */
  percentage: number
}

interface HarmPlan<Aim> {
  /** of all the harm, in ms */
  durationMs: number
  /** harm is done again every so many ms until the duration is over; null = once, held for the whole duration */
  roundMs: number | null
  /** pause before and after, in ms */
  rampMs: number
  /** the chosen targets all at once, or one after another */
  sequence: 'parallel' | 'serial'
  /** ms that the proof of the effect may take, and the proof of the recovery */
  effectDeadlineMs: number
  recoveryDeadlineMs: number
  /** what the fault itself has replaced when it is recovered: no difference is made of that */
  replaces: 'nothing' | 'processes' | 'pods'
  /** written to the journal before `apply` */
  undo(aim: Aim, world: FaultWorld): Promise<UndoData>
  apply(aim: Aim, world: HarmWorld): Promise<void>
  /** one look whether the harm is there; asked again until proved or the deadline has passed */
  proveEffect(aim: Aim, world: HarmWorld): Promise<Proof>
  /** one look before the recovery: what was felt of the harm; null = nothing is there to say */
  felt?(aim: Aim, world: HarmWorld): Promise<string | null>
}

export interface InjectionAim {
  /** the injection's id */
  injection: string
  pod: TargetPod
  selector: TargetSelector
}

export interface ObjectAim {
  /** the injection's id */
  injection: string
  object: TargetObject
  selector: TargetSelector
}

export interface TargetObject extends ObjectRef {
  /** pods that are hit with it, for the guardrail; at least 1 */
  hits: number
}
