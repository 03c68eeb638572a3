import type { PlanStep } from '../../../domain/index.ts'
import type { Face } from '../../ui/chip.tsx'
import type { GraphNode } from './step-graph.tsx'

/** What became of a step in a run; `note` is told instead of what the step does. */
export interface StepFate {
  face?: Face | undefined
  note?: string | null | undefined
}

/** The steps of a plan as the graph draws them: the exit handler comes after the last of all others. */
export function planNodes(plan: readonly PlanStep[], fateOf: (step: string) => StepFate = () => ({})): GraphNode[] {
  const last = lastOf(plan)
  return plan.map((step) => {
    const begins = step.exit === true && !step.needs.some((id) => plan.some((other) => other.id === id && other.exit))
    return { ...planNode(step, fateOf(step.id)), needs: begins ? last : step.needs }
  })
}

/** Steps outside of the exit handler that nothing comes after. */
function lastOf(plan: readonly PlanStep[]): string[] {
  const before = plan.filter(({ exit }) => exit !== true)
  return before.map(({ id }) => id).filter((id) => !before.some(({ needs }) => needs.includes(id)))
}

function planNode({ id, name, needs, exit, action }: PlanStep, { face, note }: StepFate): GraphNode {
  const { icon, detail } = shownAs(action)
  const words = note ?? (exit === true ? `at the end: ${detail}` : detail)
  return { id, name, needs, icon, detail: words, exit: exit === true, ...(face && { face }) }
}

function shownAs(action: PlanStep['action']): Pick<GraphNode, 'icon' | 'detail'> {
  switch (action.kind) {
    case 'fault':
      return { icon: 'bolt', detail: action.fault.fault }
    case 'pause':
      return { icon: 'hold', detail: `pause ${action.seconds} s` }
    case 'approval':
      return { icon: 'user', detail: 'waits for a person' }
    case 'delegated':
      return { icon: 'server', detail: action.what }
    case 'not-needed':
      return { icon: 'minus', detail: `not needed: ${action.reason}` }
  }
}
