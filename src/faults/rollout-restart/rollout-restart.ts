import type { Fault, FaultWorld, ObjectAim } from '../../engine/index.ts'
import { applySwap, fieldNow, nameOf, swapIn, undoOf } from '../field-swap.ts'
import { type OwnObjectPlan, parseObjectFault } from '../object-plan.ts'
import { textsOf } from '../undo-reader.ts'
import { proveRolledOut, workloadsOf } from '../workload-target.ts'
import { rolloutRestartSchema } from './schema.ts'

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet']
const FIELD = { of: 'restart' } as const
const EFFECT_MS = 30_000
const RECOVERY_MS = 300_000

/** Replaces all pods by the workload's own rollout. There is nothing to undo: the recovery is the end of the rollout. */
export const rolloutRestart: Fault = {
  schema: rolloutRestartSchema,
  needs: ['cluster'],
  parse: (written) => parseObjectFault(rolloutRestartSchema, written, () => restarting),
  recover: async () => undefined,
  proveRecovery: (undo, world) => proveRolledOut(swapIn(undo).object, world)
}

const restarting: OwnObjectPlan = {
  percentage: 100,
  replaces: 'pods',
  effectDeadlineMs: EFFECT_MS,
  recoveryDeadlineMs: RECOVERY_MS,
  objects: async (selector, world) =>
    (await workloadsOf(selector, world, KINDS)).map((workload) => ({
      ...workload,
      hits: Math.max(1, workload.desired)
    })),
  undo: async (aim, world) => {
    const { injection, object } = aim
    const from = await fieldNow(object, FIELD, world)
    const pods = (await podsOf(aim, world)).map(({ uid }) => uid)
    return { ...undoOf({ object, field: FIELD, from, to: world.clock.now().toISOString(), injection }), pods }
  },
  apply: (_, world) => applySwap(world),
  proveEffect: async (aim, world) => {
    const before = textsOf(world.undo, 'pods')
    const others = (await podsOf(aim, world)).filter(({ uid }) => !before.includes(uid))
    const evidence = `${others.length} pods of ${nameOf(aim.object)} are new`
    return { proved: others.length > 0, evidence }
  }
}

async function podsOf({ object, selector }: ObjectAim, { target }: FaultWorld) {
  return (await target.pods(selector)).filter(({ workload }) => workload.uid === object.uid)
}
