import type { PlanStep } from '../../../domain/index.ts'
import type { Face } from '../../ui/chip.tsx'
import type { GraphNode } from './step-graph.tsx'

/** A step of a plan as the graph draws it. */
export function planNode({ id, name, needs, action }: PlanStep, face?: Face): GraphNode {
  const common = { id, name, needs, ...(face && { face }) }
  if (action.kind === 'fault') return { ...common, icon: 'bolt', detail: action.fault.fault }
  if (action.kind === 'pause') return { ...common, icon: 'hold', detail: `pause ${action.seconds} s` }
  if (action.kind === 'approval') return { ...common, icon: 'hold', detail: 'waits for a person' }
  return { ...common, icon: 'minus', detail: `not needed: ${action.reason}` }
}
