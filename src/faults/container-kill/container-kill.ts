import { type Fault, type InjectionAim, partOf } from '../../engine/index.ts'
import { type OwnPlan, parsePodFault } from '../pod-tunables.ts'
import { proveWorkloadReady, workloadOf } from '../workload-ready.ts'
import { containerKillSchema, type SIGNALS } from './schema.ts'

/** a container that was killed before is started again with back-off */
const EFFECT_MS = 20_000
const RECOVERY_MS = 120_000

/** Kills the process of a container. Undo is the work of the pod, which starts it again. */
export const containerKill: Fault = {
  schema: containerKillSchema,
  needs: ['containers'],
  parse: (written) =>
    parsePodFault(containerKillSchema, written, (tunables) => {
      const [container = null] = tunables.list('TARGET_CONTAINER')
      const signal = tunables.text('SIGNAL') as (typeof SIGNALS)[number]
      return { roundMs: tunables.seconds('CHAOS_INTERVAL'), ...killing(signal, container) }
    }),
  recover: async () => undefined,
  proveRecovery: proveWorkloadReady
}

function killing(signal: (typeof SIGNALS)[number], container: string | null): OwnPlan {
  return {
    replaces: 'processes',
    effectDeadlineMs: EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    undo: async (aim) => workloadOf(aim),
    apply: ({ pod }, { target }) => partOf(target, 'containers').killContainer(pod, { container, signal }),
    proveEffect: async ({ pod, selector }: InjectionAim, { target }) => {
      const now = (await target.pods(selector)).find(({ uid }) => uid === pod.uid)
      if (now === undefined) return { proved: false, evidence: `pod ${pod.name} went away` }
      const name = container ?? Object.keys(pod.restarts)[0] ?? ''
      const [before = 0, after = 0] = [pod.restarts[name], now.restarts[name]]
      const evidence = `container ${name} of pod ${pod.name} had ${before} restarts and has ${after}`
      return { proved: after > before, evidence }
    }
  }
}
