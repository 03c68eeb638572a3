import type { Fault, FaultPlan } from '../../engine/index.ts'
import { podPlan } from '../pod-tunables.ts'
import { Tunables } from '../tunables.ts'
import { proveWorkloadReady, workloadOf } from '../workload-ready.ts'
import { podDeleteSchema, UNSUPPORTED } from './schema.ts'

const GRACE_SECONDS = 30
const EFFECT_MS = 10_000
const RECOVERY_MS = 60_000

/**
 * Deletes pods. Undo is the work of the workload's controller: recovery means that as many pods as it asks for are
 * ready again. (That the deleted one is gone was the proof of the effect; one whose deletion failed counts.)
 */
export const podDelete: Fault = {
  schema: podDeleteSchema,
  parse: (values) => {
    const tunables = new Tunables(podDeleteSchema, values)
    const common = podPlan(tunables)
    const roundMs = tunables.seconds('CHAOS_INTERVAL')
    const force = tunables.flag('FORCE')
    tunables.refuseIfSet(UNSUPPORTED)
    if (tunables.problems.length > 0) return { ok: false, problems: tunables.problems }
    return { ok: true, plan: { ...common, roundMs, ...deletion(force) } }
  },
  recover: async () => undefined,
  proveRecovery: proveWorkloadReady
}

type Deletion = Pick<FaultPlan, 'effectDeadlineMs' | 'recoveryDeadlineMs' | 'undo' | 'apply' | 'proveEffect'>

function deletion(force: boolean): Deletion {
  const graceSeconds = force ? 0 : GRACE_SECONDS
  return {
    effectDeadlineMs: graceSeconds * 1000 + EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    undo: async (aim) => workloadOf(aim),
    apply: ({ pod }, { target }) => target.deletePod(pod, { graceSeconds, force }),
    proveEffect: async ({ pod, selector }, { target }) => {
      const still = (await target.pods(selector)).some(({ uid }) => uid === pod.uid)
      return { proved: !still, evidence: still ? `pod ${pod.name} is still there` : `pod ${pod.name} is gone` }
    }
  }
}
