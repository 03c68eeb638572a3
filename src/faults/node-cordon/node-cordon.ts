import type { Fault } from '../../engine/index.ts'
import { applySwap, proveBack, proveSwapped, swapBack } from '../field-swap.ts'
import { CORDONED, cordonOf } from '../node-cordoned.ts'
import { type NodeChoice, nodeChoiceIn, nodesFor } from '../node-target.ts'
import { type OwnObjectPlan, parseObjectFault } from '../object-plan.ts'
import { nodeCordonSchema } from './schema.ts'

/** Lets nothing be scheduled to a node. */
export const nodeCordon: Fault = {
  schema: nodeCordonSchema,
  needs: ['cluster'],
  parse: (written) => parseObjectFault(nodeCordonSchema, written, (tunables) => cordoning(nodeChoiceIn(tunables))),
  recover: swapBack,
  proveRecovery: (undo, world) => proveBack(undo, world)
}

function cordoning(choice: NodeChoice): OwnObjectPlan {
  return {
    ...CORDONED,
    percentage: 0,
    objects: (selector, world) => nodesFor(selector, world, choice),
    undo: cordonOf,
    apply: (_, world) => applySwap(world),
    proveEffect: (_, world) => proveSwapped(world)
  }
}
