import type { Knowledge, StepStatus } from './condition.ts'
import type { RunPlan } from './run-plan.ts'
import { isFinal, type RunPhase, type StepPhase } from './words.ts'

/** Where a step of a run is. */
export interface StepState {
  phase: StepPhase
  /** how it got there, for people */
  reason?: string | null
  /** a fault whose probes failed: it has completed all the same */
  failed?: boolean
  /** skipped because of how others ended, not by its own `when` */
  omitted?: boolean
}

/** By the steps' ids; a step that is not there is queued. */
export type StepStates = Readonly<Record<string, StepState>>

/** What the conditions of a plan ask, answered from where its steps are. */
export function knowledgeOf(plan: RunPlan, states: StepStates): Knowledge {
  const of = (steps: readonly string[]) => steps.flatMap((id) => states[id] ?? [])
  return {
    endedAs: (steps, as) => (as === 'Well' ? endedWell(of(steps)) : endedAs(of(steps), as)),
    status: (steps) => statusOf(of(steps)),
    runStatus: () => runStatus(plan, states),
    failures: () => JSON.stringify(failuresOf(plan, states))
  }
}

/** One status for the steps of a call: that of its worst step, and what was left out does not make it worse. */
function statusOf(states: readonly StepState[]): StepStatus {
  const seen = new Set(states.map(oneStatus))
  for (const status of ['Error', 'Failed', 'Succeeded', 'Skipped'] as const) if (seen.has(status)) return status
  return 'Omitted'
}

/** Only the word of Argo for a pod that erred is asked apart; everything that went wrong has failed, too. */
function endedAs(states: readonly StepState[], as: StepStatus): boolean {
  const status = statusOf(states)
  return status === as || (as === 'Failed' && status === 'Error')
}

/** What comes after may begin: nothing went wrong. A failed probe is a verdict, and holds nothing up. */
function endedWell(states: readonly StepState[]): boolean {
  if (states.some((state) => isBad(state))) return false
  return states.length === 0 || states.some(({ omitted }) => omitted !== true)
}

function oneStatus({ phase, failed, omitted }: StepState): StepStatus {
  if (omitted === true) return 'Omitted'
  if (phase === 'skipped') return 'Skipped'
  if (phase === 'error') return 'Error'
  return phase === 'completed' && failed !== true ? 'Succeeded' : 'Failed'
}

function isBad({ phase }: StepState): boolean {
  return isFinal(phase) && phase !== 'completed' && phase !== 'skipped'
}

/** What an exit handler is told of the run, in Argo's words. */
function runStatus(plan: RunPlan, states: StepStates): 'Succeeded' | 'Failed' | 'Error' {
  const phase = finalRunPhase({ ...plan, steps: plan.steps.filter(({ exit }) => exit !== true) }, states)
  if (phase === 'error') return 'Error'
  return phase === 'completed' && !plan.steps.some(({ id }) => states[id]?.failed === true) ? 'Succeeded' : 'Failed'
}

function failuresOf(plan: RunPlan, states: StepStates): { displayName: string; phase: StepStatus; message: string }[] {
  return plan.steps.flatMap(({ id, name, exit }) => {
    const state = states[id]
    if (exit === true || state === undefined) return []
    const phase = oneStatus(state)
    return phase === 'Failed' || phase === 'Error' ? [{ displayName: name, phase, message: state.reason ?? '' }] : []
  })
}

/** The phase of a run whose steps are all final; the worst one wins: error, timeout, stopped, completed. */
export function finalRunPhase(plan: RunPlan, states: StepStates): RunPhase {
  const seen = new Set(plan.steps.filter(({ tolerated }) => tolerated !== true).map(({ id }) => states[id]?.phase))
  for (const phase of ['error', 'timeout', 'stopped'] as const) if (seen.has(phase)) return phase
  return 'completed'
}

/** Why a run ended in this phase: the first step that did; null where none says. */
export function endReason(plan: RunPlan, states: StepStates, phase: RunPhase): string | null {
  const step = plan.steps.find(({ id, tolerated }) => tolerated !== true && states[id]?.phase === phase)
  const reason = step && states[step.id]?.reason
  return step && reason ? `${step.name}: ${reason}` : null
}
