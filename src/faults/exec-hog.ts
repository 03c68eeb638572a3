import type { FaultSchema } from '../domain/index.ts'
import type { Fault, Proof } from '../engine/index.ts'
import { type ExecPlace, kill, look, placeIn, type SeenProcesses, start, undoOf } from './exec-processes.ts'
import { type OwnPlan, parsePodFault } from './pod-tunables.ts'
import type { Tunables } from './tunables.ts'

const EFFECT_MS = 30_000
const RECOVERY_MS = 30_000
/** the processes end by themselves so long after they should have been ended */
const LATER_SECONDS = 5

export interface HogOptions {
  schema: FaultSchema
  /** runs in the container: for $1 seconds, the amount is $2 */
  script: string
  asked(tunables: Tunables): number
  achieved(seen: SeenProcesses): number
  /** so much must be seen */
  enough(asked: number): number
  /** for people: `1.00 cores` */
  text(amount: number): string
}

/** A fault whose load is a process in the container, which ends by itself also where nobody is left to end it. */
export function hogFault(options: HogOptions): Fault {
  const { schema, asked } = options
  return {
    schema,
    needs: ['exec'],
    parse: (written) => parsePodFault(schema, written, (tunables) => hogging(options, asked(tunables), tunables)),
    recover: (undo, world) => kill(placeIn(undo), world),
    proveRecovery: async (undo, world): Promise<Proof> => {
      const place = placeIn(undo)
      const { count } = await look(place, world)
      if (count === 0) return { proved: true, evidence: `the load in pod ${place.pod.name} has ended` }
      return { proved: false, evidence: `${count} processes of the load are still in pod ${place.pod.name}` }
    }
  }
}

function hogging({ script, achieved, enough, text }: HogOptions, asked: number, tunables: Tunables): OwnPlan {
  const [container = null] = tunables.list('TARGET_CONTAINER')
  const seconds = Math.ceil((tunables.seconds('TOTAL_CHAOS_DURATION') + EFFECT_MS) / 1000) + LATER_SECONDS
  const place = (injection: string, pod: ExecPlace['pod']): ExecPlace => ({ injection, pod, container })
  return {
    effectDeadlineMs: EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    undo: async ({ injection, pod }, world) => {
      // a container without what is needed to end it says so before the harm
      await look(place(injection, pod), world)
      return undoOf(place(injection, pod))
    },
    apply: ({ injection, pod }, world) =>
      start(place(injection, pod), { script, words: [String(seconds), String(asked)] }, world),
    proveEffect: async ({ injection, pod }, world) => {
      const seen = await look(place(injection, pod), world)
      if (seen.count === 0) return { proved: false, evidence: `no process of the load is in pod ${pod.name}` }
      const amount = achieved(seen)
      const evidence = `${seen.count} processes in pod ${pod.name}: ${text(asked)} asked, ${text(amount)} achieved`
      return { proved: amount >= enough(asked), evidence }
    }
  }
}
