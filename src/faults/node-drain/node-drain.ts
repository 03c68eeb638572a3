import {
  type Fault,
  type FaultWorld,
  type ObjectPlan,
  type Proof,
  partOf,
  type TargetObject
} from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import { applySwap, proveBack, swapBack } from '../field-swap.ts'
import { CORDONED, cordonOf } from '../node-cordoned.ts'
import { type NodeChoice, nodeChoiceIn, nodesFor } from '../node-target.ts'
import { type OwnObjectPlan, parseObjectFault } from '../object-plan.ts'
import { evictAll, podsToEvict } from './evictions.ts'
import { nodeDrainSchema } from './schema.ts'

const BETWEEN_TRIES_MS = 1000

/** Cordons a node and evicts what is on it. The node is given back; the pods stay where they went. */
export const nodeDrain: Fault = {
  schema: nodeDrainSchema,
  needs: ['cluster'],
  parse: (written) =>
    parseObjectFault(nodeDrainSchema, written, (tunables) =>
      draining(nodeChoiceIn(tunables), tunables.seconds('TOTAL_CHAOS_DURATION'))
    ),
  recover: swapBack,
  proveRecovery: (undo, world) => proveBack(undo, world)
}

function draining(choice: NodeChoice, durationMs: number): OwnObjectPlan {
  return {
    ...CORDONED,
    percentage: 0,
    replaces: 'pods',
    // as long as Litmus gives kubectl drain
    effectDeadlineMs: durationMs,
    objects: (selector, world) => drainable(selector, world, choice),
    undo: cordonOf,
    apply: async ({ object }, world) => {
      await applySwap(world)
      await evictAll(object.name, world)
    },
    proveEffect: ({ object }, world) => lookAndEvict(object.name, world)
  }
}

async function drainable(
  selector: Parameters<ObjectPlan['objects']>[0],
  world: FaultWorld,
  choice: NodeChoice
): Promise<TargetObject[]> {
  const nodes = await nodesFor(selector, world, choice)
  const open = (await partOf(world.target, 'cluster').nodes()).filter(
    (node) => !node.unschedulable && !node.controlPlane
  )
  return Promise.all(
    nodes.map(async (node) => {
      if (open.every(({ name }) => name === node.name)) throw lastNode(node.name)
      const { pods } = await podsToEvict(node.name, world)
      return { ...node, hits: Math.max(1, pods.length) }
    })
  )
}

/** Evicts what is still there once more: a budget lets go when pods are ready elsewhere. */
async function lookAndEvict(node: string, world: FaultWorld): Promise<Proof> {
  const held = await evictAll(node, world)
  const { pods, leaving, left } = await podsToEvict(node, world)
  if (held.length > 0) await world.clock.sleep(BETWEEN_TRIES_MS, world.signal)
  const stays = left === 0 ? '' : `; ${left} are left alone`
  const blocked = held.map(({ pod, why }) => `; ${pod} is held back: ${why}`).join('')
  const evidence = `${pods.length + leaving} pods are still to leave node ${node}${stays}${blocked}`
  return { proved: pods.length + leaving === 0, evidence }
}

function lastNode(name: string): AppError {
  const message = `node ${name} is the last one that pods may go to: it is not drained`
  return new AppError({ code: 'faults/last-node', kind: 'denied', message })
}
