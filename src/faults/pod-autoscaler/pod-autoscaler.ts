import type { Fault, FaultWorld, HarmWorld, ObjectAim } from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import { applySwap, fieldNow, nameOf, proveBack, swapBack, swapIn, undoOf } from '../field-swap.ts'
import { type OwnObjectPlan, parseObjectFault } from '../object-plan.ts'
import { proveRolledOut, workloadsOf } from '../workload-target.ts'
import { podAutoscalerSchema } from './schema.ts'

const KINDS = ['Deployment', 'StatefulSet']
const FIELD = { of: 'replicas' } as const
const EFFECT_MS = 30_000
const RECOVERY_MS = 180_000

/** Asks for another number of pods. What somebody else asks for meanwhile stays. */
export const podAutoscaler: Fault = {
  schema: podAutoscalerSchema,
  needs: ['cluster'],
  parse: (written) =>
    parseObjectFault(podAutoscalerSchema, written, (tunables) =>
      scaling(tunables.number('REPLICA_COUNT'), tunables.number('APP_AFFECT_PERC'))
    ),
  recover: swapBack,
  proveRecovery: (undo, world) => proveBack(undo, world, () => proveRolledOut(swapIn(undo).object, world))
}

function scaling(count: number, percentage: number): OwnObjectPlan {
  return {
    percentage,
    replaces: 'pods',
    effectDeadlineMs: EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    objects: async (selector, world) =>
      (await workloadsOf(selector, world, KINDS)).map((workload) => ({
        ...workload,
        hits: Math.max(1, Math.abs(count - workload.desired))
      })),
    undo: async ({ injection, object }, world) => {
      const from = await fieldNow(object, FIELD, world)
      if (from === String(count)) throw nothingToDo(nameOf(object), count)
      return undoOf({ object, field: FIELD, from, to: String(count), injection })
    },
    apply: (_, world) => applySwap(world),
    // whether they serve is for probes to judge, and is told: that they are there is the harm
    proveEffect: async (aim, world) => {
      const { there, evidence } = await look(aim, world)
      return { proved: there === count, evidence }
    },
    felt: async (aim, world: HarmWorld) => (await look(aim, world)).evidence
  }
}

async function look({ object, selector }: ObjectAim, { target }: FaultWorld) {
  const pods = (await target.pods(selector)).filter(({ workload }) => workload.uid === object.uid)
  const ready = pods.filter((pod) => pod.ready).length
  const unplaced = pods.filter((pod) => !pod.ready && pod.node === undefined).length
  const waiting = unplaced === 0 ? '' : `, ${unplaced} have no node yet`
  return { there: pods.length, evidence: `${nameOf(object)} has ${pods.length} pods, ${ready} ready${waiting}` }
}

function nothingToDo(name: string, count: number): AppError {
  const message = `${name} is asked for ${count} pods already: give another REPLICA_COUNT`
  return new AppError({ code: 'faults/nothing-to-do', kind: 'invalid', message })
}
