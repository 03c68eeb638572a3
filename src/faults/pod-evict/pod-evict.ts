import { type Fault, type HarmWorld, type InjectionAim, type Proof, partOf } from '../../engine/index.ts'
import { type OwnPlan, parsePodFault } from '../pod-tunables.ts'
import { proveWorkloadReady, workloadOf } from '../workload-ready.ts'
import { podEvictSchema } from './schema.ts'

const EFFECT_MS = 15_000
const RECOVERY_MS = 60_000
/** a budget lets go when other pods are ready: no need to ask more often */
const BETWEEN_TRIES_MS = 1000

/** Evicts pods. Undo is the work of the workload's controller. */
export const podEvict: Fault = {
  schema: podEvictSchema,
  needs: ['cluster'],
  parse: (written) =>
    parsePodFault(podEvictSchema, written, (tunables) => ({
      roundMs: tunables.seconds('CHAOS_INTERVAL'),
      ...evicting
    })),
  recover: async () => undefined,
  proveRecovery: proveWorkloadReady
}

const evicting: OwnPlan = {
  replaces: 'pods',
  effectDeadlineMs: EFFECT_MS,
  recoveryDeadlineMs: RECOVERY_MS,
  undo: async (aim) => workloadOf(aim),
  // held back or not: the proof tries again, and says so
  apply: async ({ pod }, { target }) => void (await partOf(target, 'cluster').evictPod(pod)),
  proveEffect: tryAgain
}

async function tryAgain({ pod, selector }: InjectionAim, { target, clock, signal }: HarmWorld): Promise<Proof> {
  const there = (await target.pods(selector)).find(({ uid }) => uid === pod.uid)
  if (there === undefined) return { proved: true, evidence: `pod ${pod.name} is gone` }
  const held = there.ready ? await partOf(target, 'cluster').evictPod(pod) : null
  if (held === null) return { proved: false, evidence: `pod ${pod.name} is still there` }
  await clock.sleep(BETWEEN_TRIES_MS, signal)
  return { proved: false, evidence: `the eviction of pod ${pod.name} is held back: ${held}` }
}
