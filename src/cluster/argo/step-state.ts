import type { PlanStep, RunPlan, StepPhase } from '../../domain/index.ts'
import { isFinal } from '../../domain/index.ts'
import type { SeenNode, SeenWorkflow } from './seen-workflow.ts'
import { stepsOfNodes } from './step-of-node.ts'

/** Where a step is by its nodes alone. */
export interface SeenStep {
  phase: StepPhase
  /** what Argo says of it */
  message: string
  nodes: readonly SeenNode[]
}

/** How Argo says that something took too long: of a pod, a template and a workflow. */
export const TOO_LONG = /exceeded its deadline|longer than the specified deadline|max duration limit exceeded/i

/** The steps that Argo has nodes for, by their ids. */
export function seenSteps(plan: RunPlan, workflow: SeenWorkflow | null): Map<string, SeenStep> {
  if (workflow === null) return new Map()
  const stepOf = stepsOfNodes(plan, workflow.nodes, workflow.name)
  const nodes = new Map<string, SeenNode[]>()
  for (const node of workflow.nodes) {
    const step = stepOf.get(node.id)
    if (step !== undefined) nodes.set(step, [...(nodes.get(step) ?? []), node])
  }
  return new Map(
    plan.steps.flatMap((step) => {
      const own = nodes.get(step.id)
      return own === undefined ? [] : [[step.id, seenStep(step, own)] as const]
    })
  )
}

function seenStep({ action }: PlanStep, nodes: readonly SeenNode[]): SeenStep {
  const retries = nodes.filter(({ type }) => type === 'Retry')
  const counted = retries.length > 0 ? retries : nodes
  const phases = counted.map((node) => phaseOf(node, action))
  const phase = together(phases)
  const said = counted.find((node, at) => node.message !== '' && phases[at] === phase)
  return { phase, message: said?.message ?? '', nodes }
}

function phaseOf({ type, phase, message }: SeenNode, action: PlanStep['action']): StepPhase {
  switch (phase) {
    case 'Running':
      return type === 'Suspend' && action.kind === 'approval' ? 'waiting' : 'running'
    case 'Succeeded':
      return 'completed'
    case 'Skipped':
    case 'Omitted':
      return 'skipped'
    case 'Failed':
    case 'Error':
      return TOO_LONG.test(message) ? 'timeout' : 'error'
    default:
      return 'queued'
  }
}

/** Of several rounds: what goes on counts before what has ended, and of that the worst. */
function together(phases: readonly StepPhase[]): StepPhase {
  const open = phases.filter((phase) => !isFinal(phase))
  if (open.length > 0) {
    if (phases.every((phase) => phase === 'queued')) return 'queued'
    return open.every((phase) => phase === 'waiting') ? 'waiting' : 'running'
  }
  return (['error', 'timeout', 'completed'] as const).find((phase) => phases.includes(phase)) ?? 'skipped'
}
