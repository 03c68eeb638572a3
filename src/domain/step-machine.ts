import { holds, type Knowledge } from './condition.ts'
import type { PlanStep, RunPlan } from './run-plan.ts'
import { knowledgeOf, type StepStates } from './step-status.ts'
import { isFinal } from './words.ts'

/**
 * The step machine: which steps may start, and which never will. Pure.
 *
 * A step is looked at once all steps that it needs have ended. It is left out where they did not end well (or its
 * `after` says no), skipped where its own `when` is false, and else starts as soon as its lanes have room. A fault whose
 * probes failed has still *completed*: a verdict is not a phase, so the steps after it run. The exit handler starts when
 * all other steps have ended, however they did.
 */
export interface NextMoves {
  start: readonly PlanStep[]
  skip: readonly Skip[]
  /** every step is final */
  done: boolean
}

export interface Skip {
  step: PlanStep
  reason: string | null
  /** because of how others ended, not by its own `when` */
  omitted: boolean
}

/** Which steps do not start any more: those but the exit handler's, or all. */
export type Ending = 'none' | 'steps' | 'everything'

export function nextMoves(plan: RunPlan, states: StepStates, ending: Ending = 'none'): NextMoves {
  const start: PlanStep[] = []
  const skip: Skip[] = []
  const known = knowledgeOf(plan, states)
  const ended = (id: string) => isFinal(states[id]?.phase ?? 'queued')
  const exiting = plan.steps.every(({ id, exit }) => exit === true || ended(id))
  const room = roomIn(plan, states)
  for (const step of plan.steps) {
    if (states[step.id] !== undefined) continue
    const over = ending === 'everything' || (ending === 'steps' && step.exit !== true)
    const ready = step.needs.every(ended) && (step.exit !== true || exiting)
    if (!over && !ready) continue
    const judged = over ? { step, reason: null, omitted: true } : judge(step, plan, { states, known })
    if (judged !== null) skip.push(judged)
    else if (room(step)) start.push(step)
  }
  return { start, skip, done: plan.steps.every(({ id }) => ended(id)) }
}

/** Null: it may start. */
function judge(
  step: PlanStep,
  plan: RunPlan,
  { states, known }: { states: StepStates; known: Knowledge }
): Skip | null {
  if (step.after === undefined) {
    const bad = step.needs.find((id) => !known.endedAs([id], 'Well'))
    if (bad !== undefined) return { step, reason: notReached(plan, states, bad), omitted: true }
  } else if (!holds(step.after, known)) {
    return { step, reason: 'what it depends on ended otherwise', omitted: true }
  }
  const no = step.when?.find(({ condition }) => !holds(condition, known))
  return no === undefined ? null : { step, reason: `when: ${no.text} is not true`, omitted: false }
}

function notReached(plan: RunPlan, states: StepStates, bad: string): string {
  const name = plan.steps.find(({ id }) => id === bad)?.name ?? bad
  return `not reached: ${name} was ${states[bad]?.phase === 'skipped' ? 'left out' : (ENDS[states[bad]?.phase ?? ''] ?? 'not completed')}`
}

const ENDS: Readonly<Record<string, string>> = { error: 'an error', timeout: 'too slow', stopped: 'stopped' }

/** Whether a fault may be done beside those under way; what was let in counts for the next. Other steps need no room. */
function roomIn(plan: RunPlan, states: StepStates): (step: PlanStep) => boolean {
  const taken = new Map<string, number>()
  const enter = (step: PlanStep) => {
    for (const { id } of lanesOf(step)) taken.set(id, (taken.get(id) ?? 0) + 1)
  }
  for (const step of plan.steps) {
    const phase = states[step.id]?.phase
    if (phase !== undefined && !isFinal(phase)) enter(step)
  }
  return (step) => {
    if (lanesOf(step).some(({ id, most }) => (taken.get(id) ?? 0) >= most)) return false
    enter(step)
    return true
  }
}

function lanesOf({ lanes = [], action }: PlanStep) {
  return action.kind === 'fault' ? lanes : []
}
