import {
  type Approval,
  approvalSentence,
  type FactBody,
  isFinal,
  type PlanStep,
  type RunPlan,
  type StepPhase,
  type StepState
} from '../../domain/index.ts'
import type { StopReason } from '../../engine/index.ts'
import { type FaultEnd, factsOfEnd, judgeFault } from './fault-judgement.ts'
import type { Awaited } from './patience.ts'
import { endedAs } from './run-end.ts'
import { engineIsOver, type SeenEngine, type SeenResult } from './seen-chaos.ts'
import { isOver, type SeenWorkflow } from './seen-workflow.ts'
import { nodeMark } from './step-of-node.ts'
import { type SeenStep, seenSteps } from './step-state.ts'
import type { Judged, Told, ToldEngine } from './told.ts'

/** What is on the cluster of one run. */
export interface SeenRun {
  /** null: it is not there (any more) */
  workflow: SeenWorkflow | null
  /** those that it made */
  engines: readonly SeenEngine[]
  results: readonly SeenResult[]
}

export interface Reading {
  plan: RunPlan
  seen: SeenRun
  told: Told
  /** why the run was told to end; null = it was not */
  ending: StopReason | null
  /** what people said to its steps */
  approvals: ReadonlyMap<string, Approval>
  /** nothing more is waited for of this step */
  late: (step: string) => boolean
}

export interface News {
  facts: FactBody[]
  /** where each step is, once the facts are told */
  states: Readonly<Record<string, StepState>>
  /** faults that are not judged yet although their step has ended */
  awaited: readonly Awaited[]
  /** ChaosEngines that go on although their step, or the run, is to end */
  leftovers: readonly SeenEngine[]
}

/** What a look at the cluster says beyond what was told. Pure; told again, it says nothing. */
export function newsOf(reading: Reading): News {
  const { plan, seen, told } = reading
  const steps = seenSteps(plan, seen.workflow)
  const over = seen.workflow === null || isOver(seen.workflow)
  const facts: FactBody[] = []
  const states: Record<string, StepState> = {}
  const awaited: Awaited[] = []
  const leftovers = over || reading.ending !== null ? seen.engines.filter((engine) => !engineIsOver(engine)) : []
  for (const step of plan.steps) {
    const before = phaseBefore(told, step.id)
    if (isFinal(before)) {
      states[step.id] = endedState(told, step.id)
      continue
    }
    const own = steps.get(step.id)
    const engines = own === undefined ? [] : enginesOf(own, seen.engines)
    facts.push(...engines.flatMap((engine) => injectionNews(step.id, engine, reading)))
    const fault = faultEnd(step, { ...reading, own, engines, over })
    if (fault === 'awaited' && (over || (own !== undefined && isFinal(own.phase)))) {
      const active = engines.filter((engine) => !engineIsOver(engine))
      leftovers.push(...active.filter((engine) => !leftovers.includes(engine)))
      awaited.push({ step: step.id, active: active.length > 0 })
    }
    const state = fault === 'awaited' ? { phase: openPhase(own) } : stateOf(step, { ...reading, own, over, fault })
    if (fault !== 'awaited' && fault !== null && 'probes' in fault && step.action.kind === 'fault')
      facts.push(...factsOfEnd(step.id, step.action.fault, fault))
    if (state.phase !== before && state.phase !== 'queued') {
      if (before === 'queued' && state.phase === 'completed')
        facts.push({ type: 'step-phase', step: step.id, phase: 'running', reason: null })
      facts.push({
        type: 'step-phase',
        step: step.id,
        phase: state.phase,
        reason: state.reason?.slice(0, 2000) ?? null
      })
    }
    states[step.id] = state
  }
  return { facts, states, awaited, leftovers }
}

function phaseBefore({ steps }: Told, step: string): StepPhase {
  return steps.get(step)?.phase ?? 'queued'
}

/** As it was told: what was left out has no reason of its own. */
function endedState({ steps, judged }: Told, step: string): StepState {
  const { phase = 'queued', reason = null } = steps.get(step) ?? {}
  const failed = judged.get(step)?.verdict === 'fail'
  const omitted = phase === 'skipped' && reason === null
  return { phase, reason, ...(failed && { failed }), ...(omitted && { omitted }) }
}

interface StepReading extends Reading {
  own: SeenStep | undefined
  /** the workflow has ended, or is gone */
  over: boolean
}

function enginesOf({ nodes }: SeenStep, engines: readonly SeenEngine[]): SeenEngine[] {
  const marks = new Set(nodes.map(({ id }) => nodeMark(id)))
  return engines.filter(({ pod }) => marks.has(nodeMark(pod))).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
}

/** Null: it is no fault, or it did not come to one. */
function faultEnd(
  { id, action }: PlanStep,
  { own, engines, over, seen, told, ending, late }: StepReading & { engines: readonly SeenEngine[] }
): FaultEnd | Judged | 'awaited' | null {
  if (action.kind !== 'fault') return null
  const before = told.judged.get(id)
  if (before !== undefined) return before
  const known = knownEngines(id, told, engines)
  const began = known.length > 0 || (own !== undefined && own.phase !== 'queued' && own.phase !== 'skipped')
  if (!began) return null
  const last = known.at(-1)
  const result = last && seen.results.find((one) => isOf(one, last, action.fault.fault))
  // Argo tries again by itself: its last word counts
  if (own !== undefined && !isFinal(own.phase) && !over) return 'awaited'
  if (known.length === 0 && ending !== null && over) return null
  const judged = { call: action.fault, engines, result, known: known.length, ending: ending !== null, late: late(id) }
  return judgeFault(judged) ?? 'awaited'
}

/** Also those that are gone by now. */
function knownEngines(step: string, told: Told, engines: readonly SeenEngine[]) {
  const gone = [...told.engines].filter(
    ([uid, one]) => one.step === step && !engines.some((engine) => engine.uid === uid)
  )
  const there = engines.map((engine) => [engine.uid, { target: nameOf(engine) }] as const)
  return [...gone, ...there].map(([uid, { target }]) => ({ uid, target }))
}

/** as long as a fact may name it */
function nameOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`.slice(0, 300)
}

function isOf(
  { engine, engineUid, namespace, fault }: SeenResult,
  known: { uid: string; target: string },
  name: string
) {
  if (nameOf({ namespace, name: engine }) !== known.target || fault !== name) return false
  return engineUid === '' || engineUid === known.uid
}

function targetText({ kind, name, status }: SeenResult['targets'][number]): string {
  return `${kind} ${name} ${status}`
}

/** Each ChaosEngine as an injection: there, its targets harmed, ended. */
function injectionNews(step: string, engine: SeenEngine, { seen, told }: Reading): FactBody[] {
  const { uid } = engine
  const target = nameOf(engine)
  const before: ToldEngine['stage'] | undefined = told.engines.get(uid)?.stage
  const say = (stage: ToldEngine['stage'], evidence: string): FactBody => ({
    type: 'injection',
    ...{ step, injection: uid, target, stage, evidence: evidence.slice(0, 2000) }
  })
  const facts: FactBody[] = []
  if (before === undefined) facts.push(say('applied', `ChaosEngine ${target}`))
  const result = seen.results.find((one) => one.engineUid === uid)
  const harmed = result?.targets.filter(({ status }) => status !== 'targeted') ?? []
  if (harmed.length > 0 && (before === undefined || before === 'applied'))
    facts.push(say('effect-proved', `Litmus says: ${harmed.map(targetText).join(', ')}`))
  if (engineIsOver(engine) && before !== 'recovered' && harmed.every(({ status }) => status !== 'injected'))
    facts.push(say('recovered', `its operator says ${engine.status}`))
  return facts
}

function openPhase(own: SeenStep | undefined): StepPhase {
  return own === undefined || own.phase === 'queued' ? 'queued' : own.phase === 'waiting' ? 'waiting' : 'running'
}

const UNSEEN = 'its Workflow ended, or was deleted, before it did'

/** How the step is, its fault judged; what Argo left open ends as the run does. */
function stateOf(
  { id, action }: PlanStep,
  { own, over, ending, told, approvals, fault, seen }: StepReading & { fault: Judged | null }
): StepState {
  if (fault?.recovery === 'leaked') return { phase: 'error', reason: fault.evidence }
  const before = phaseBefore(told, id)
  if (own === undefined && over && before !== 'queued') return lost(ending, fault)
  if (own === undefined || (own.phase === 'queued' && over))
    return over ? { phase: 'skipped', omitted: true } : { phase: before }
  const approval = approvals.get(id)
  if (action.kind === 'approval' && isFinal(own.phase) && approval !== undefined)
    return { phase: approval.outcome === 'approved' ? 'completed' : 'stopped', reason: approvalSentence(approval) }
  // what it was told to an agent before this one is in its message
  if (action.kind === 'approval' && own.message.startsWith('rejected by '))
    return { phase: 'stopped', reason: own.message }
  const cut = !isFinal(own.phase) || own.phase === 'error' || own.phase === 'timeout'
  if (ending !== null && cut && (over || isFinal(own.phase))) return { phase: endedAs(ending), reason: ending.text }
  if (!isFinal(own.phase) && over) return { phase: 'error', reason: seen.workflow?.message || UNSEEN }
  if (fault !== null && isFinal(own.phase)) return faultState(own, fault)
  return { phase: own.phase, reason: isFinal(own.phase) && own.phase !== 'completed' ? own.message || null : null }
}

/** It had begun, and there is no trace of it any more. */
function lost(ending: StopReason | null, fault: Judged | null): StepState {
  if (ending !== null) return { phase: endedAs(ending), reason: ending.text }
  const end =
    fault !== null && fault.verdict !== 'error' ? { phase: 'completed' as const, message: '', nodes: [] } : null
  return end === null || fault === null ? { phase: 'error', reason: UNSEEN } : faultState(end, fault)
}

/** A verdict is not a phase: Litmus' step fails where a probe does, here it has completed. */
function faultState(own: SeenStep, { verdict, evidence }: Judged): StepState {
  if (verdict === 'fail') return { phase: 'completed', reason: evidence, failed: true }
  if (verdict === 'pass' && own.phase === 'completed') return { phase: 'completed' }
  if (own.phase === 'timeout') return { phase: 'timeout', reason: own.message }
  return { phase: 'error', reason: verdict === 'pass' ? own.message || null : evidence }
}
