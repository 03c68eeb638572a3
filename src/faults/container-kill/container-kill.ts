import type { Fault, FaultPlan, InjectionAim } from '../../engine/index.ts'
import { podPlan } from '../pod-tunables.ts'
import { Tunables } from '../tunables.ts'
import { proveWorkloadReady, workloadOf } from '../workload-ready.ts'
import { containerKillSchema, SIGNALS, UNSUPPORTED } from './schema.ts'

const EFFECT_MS = 10_000
const RECOVERY_MS = 60_000

/** Kills the process of a container. Undo is the work of the pod, which starts it again. */
export const containerKill: Fault = {
  schema: containerKillSchema,
  parse: (values) => {
    const tunables = new Tunables(containerKillSchema, values)
    const common = podPlan(tunables)
    const roundMs = tunables.seconds('CHAOS_INTERVAL')
    const signal = tunables.choice('SIGNAL', SIGNALS) ?? 'SIGKILL'
    const [container = null] = tunables.list('TARGET_CONTAINER')
    tunables.refuseIfSet(UNSUPPORTED)
    if (tunables.problems.length > 0) return { ok: false, problems: tunables.problems }
    return { ok: true, plan: { ...common, roundMs, ...killing(signal, container) } }
  },
  recover: async () => undefined,
  proveRecovery: proveWorkloadReady
}

type Killing = Pick<FaultPlan, 'effectDeadlineMs' | 'recoveryDeadlineMs' | 'undo' | 'apply' | 'proveEffect'>

function killing(signal: (typeof SIGNALS)[number], container: string | null): Killing {
  return {
    effectDeadlineMs: EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    undo: async (aim) => workloadOf(aim),
    apply: ({ pod }, { target }) => target.killContainer(pod, { container, signal }),
    proveEffect: async ({ pod, selector }: InjectionAim, { target }) => {
      const now = (await target.pods(selector)).find(({ uid }) => uid === pod.uid)
      if (now === undefined) return { proved: false, evidence: `pod ${pod.name} went away` }
      const evidence = `pod ${pod.name} had ${pod.restarts} restarts and has ${now.restarts}`
      return { proved: now.restarts > pod.restarts, evidence }
    }
  }
}
