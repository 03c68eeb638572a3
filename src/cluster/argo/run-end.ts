import { endReason, finalRunPhase, type RunPhase, type RunPlan, type StepStates } from '../../domain/index.ts'
import type { StopReason } from '../../engine/index.ts'
import type { SeenWorkflow } from './seen-workflow.ts'
import { TOO_LONG } from './step-state.ts'

export interface RunEnd {
  phase: RunPhase
  reason: string | null
}

export interface EndedRun {
  plan: RunPlan
  /** all final */
  states: StepStates
  /** null: it is gone */
  workflow: SeenWorkflow | null
  ending: StopReason | null
}

const ENDED_AS = { stop: 'stopped', shutdown: 'stopped', deadline: 'timeout', 'lease-lost': 'error' } as const

/** How what was told to end has ended. */
export function endedAs({ kind }: StopReason): (typeof ENDED_AS)[StopReason['kind']] {
  return ENDED_AS[kind]
}

/** How the run ends by its steps, and by what Argo says where no step has a reason. */
export function endOfRun({ plan, states, workflow, ending }: EndedRun): RunEnd {
  if (workflow?.hidden === true) return { phase: 'error', reason: HIDDEN }
  const phase = finalRunPhase(plan, states)
  const all = Object.values(states)
  if (phase !== 'completed')
    return { phase, reason: ending?.text ?? endReason(plan, states, phase) ?? (workflow?.message || null) }
  const cut = all.some(({ omitted }) => omitted === true)
  if (ending !== null && (cut || workflow?.phase !== 'Succeeded'))
    return { phase: endedAs(ending), reason: ending.text }
  if (workflow === null) return cut ? { phase: 'error', reason: GONE } : { phase, reason: null }
  // a fault whose probes failed makes Argo fail the workflow; here that is a verdict
  if (workflow.phase === 'Succeeded' || all.some(({ failed }) => failed === true)) return { phase, reason: null }
  const message = workflow.message || `Argo ended the Workflow as ${workflow.phase}`
  return { phase: TOO_LONG.test(message) ? 'timeout' : 'error', reason: message }
}

export const HIDDEN =
  'Argo keeps the nodes of this Workflow where the agent cannot read them (nodeStatusOffLoad): its steps, and its faults, are not seen.'
const GONE = 'its Workflow was deleted before it had ended'
