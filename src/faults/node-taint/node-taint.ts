import type { Fault } from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import { applySwap, fieldNow, proveBack, proveSwapped, swapBack, undoOf } from '../field-swap.ts'
import { CORDONED } from '../node-cordoned.ts'
import { type NodeChoice, nodeChoiceIn, nodesFor } from '../node-target.ts'
import { type OwnObjectPlan, parseObjectFault } from '../object-plan.ts'
import { nodeTaintSchema } from './schema.ts'
import { readTaint, type Taint } from './taint.ts'

/** Gives a node a taint of our own. */
export const nodeTaint: Fault = {
  schema: nodeTaintSchema,
  needs: ['cluster'],
  parse: (written) => {
    const read = readTaint(written.TAINTS?.trim() || TAINTS)
    if (typeof read === 'string') {
      const message = `node-taint: TAINTS ${read}`
      return { ok: false, problems: [{ code: 'faults/bad-tunable', message, severity: 'error', path: 'TAINTS' }] }
    }
    return parseObjectFault(nodeTaintSchema, written, (tunables) => tainting(read, nodeChoiceIn(tunables)))
  },
  recover: swapBack,
  proveRecovery: (undo, world) => proveBack(undo, world)
}

const TAINTS = nodeTaintSchema.tunables.find(({ name }) => name === 'TAINTS')?.default ?? ''

function tainting({ key, value, effect }: Taint, choice: NodeChoice): OwnObjectPlan {
  const field = { of: 'taint', key, effect } as const
  return {
    ...CORDONED,
    percentage: 0,
    // what NoExecute drives away comes up elsewhere
    replaces: effect === 'NoExecute' ? 'pods' : 'nothing',
    objects: (selector, world) => nodesFor(selector, world, choice),
    undo: async ({ injection, object }, world) => {
      const from = await fieldNow(object, field, world)
      if (from !== null) {
        const message = `node ${object.name} has the taint ${key}:${effect} already, of somebody else`
        throw new AppError({ code: 'faults/tainted', kind: 'clash', message })
      }
      return undoOf({ object, field, from, to: value, injection })
    },
    apply: (_, world) => applySwap(world),
    proveEffect: (_, world) => proveSwapped(world),
    felt: async ({ object, selector }, { target }) => {
      if (Object.keys(selector.labels).length === 0) return null
      const there = (await target.pods(selector)).filter(({ node }) => node === object.name)
      return `${there.length} pods of the workload are on node ${object.name}`
    }
  }
}
