import type { PlanStep, RunPlan } from './run-plan.ts'
import { isFinal, type RunPhase, type StepPhase } from './words.ts'

/**
 * The step machine: which steps may start, and how the run ends. Pure.
 *
 * A step starts when all steps that it needs have completed. A step whose need ended otherwise (error, stopped,
 * timeout, skipped) is skipped. A fault whose probes failed has still *completed*: a verdict is not a phase, so the
 * steps after it run. No step starts once a stop was asked.
 */
export type StepPhases = Readonly<Record<string, StepPhase>>

export interface NextMoves {
  start: readonly PlanStep[]
  skip: readonly PlanStep[]
  /** every step is final */
  done: boolean
}

export function nextMoves(plan: RunPlan, phases: StepPhases, stopping = false): NextMoves {
  const start: PlanStep[] = []
  const skip: PlanStep[] = []
  for (const step of plan.steps) {
    if (phaseOf(phases, step.id) !== 'queued') continue
    const needs = step.needs.map((id) => phaseOf(phases, id))
    if (stopping || needs.some((phase) => isFinal(phase) && phase !== 'completed')) skip.push(step)
    else if (needs.every((phase) => phase === 'completed')) start.push(step)
  }
  const done = plan.steps.every((step) => isFinal(phaseOf(phases, step.id)))
  return { start, skip, done }
}

/** The phase of a run whose steps are all final; the worst one wins: error, timeout, stopped, completed. */
export function finalRunPhase(plan: RunPlan, phases: StepPhases): RunPhase {
  const seen = new Set(plan.steps.map((step) => phaseOf(phases, step.id)))
  for (const phase of ['error', 'timeout', 'stopped'] as const) if (seen.has(phase)) return phase
  return 'completed'
}

function phaseOf(phases: StepPhases, id: string): StepPhase {
  return phases[id] ?? 'queued'
}
