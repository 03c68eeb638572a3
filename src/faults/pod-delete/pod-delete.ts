import type { Fault } from '../../engine/index.ts'
import { type OwnPlan, parsePodFault } from '../pod-tunables.ts'
import { proveWorkloadReady, workloadOf } from '../workload-ready.ts'
import { podDeleteSchema } from './schema.ts'

const GRACE_SECONDS = 30
const EFFECT_MS = 10_000
const RECOVERY_MS = 60_000

/**
 * Deletes pods. Undo is the work of the workload's controller: recovery means that as many pods as it asks for are
 * ready again. (That the deleted one is gone was the proof of the effect; one whose deletion failed counts.)
 */
export const podDelete: Fault = {
  schema: podDeleteSchema,
  needs: [],
  parse: (written) =>
    parsePodFault(podDeleteSchema, written, (tunables) => ({
      roundMs: tunables.seconds('CHAOS_INTERVAL'),
      ...deletion(tunables.flag('FORCE'))
    })),
  recover: async () => undefined,
  proveRecovery: proveWorkloadReady
}

function deletion(force: boolean): OwnPlan {
  const graceSeconds = force ? 0 : GRACE_SECONDS
  return {
    replaces: 'pods',
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
