import type { Fault, FaultPlan, FaultWorld, NetworkShape, Proof, UndoData } from '../../engine/index.ts'
import { podPlan } from '../pod-tunables.ts'
import { Tunables } from '../tunables.ts'
import { textOf } from '../undo-reader.ts'
import { podNetworkLatencySchema, UNSUPPORTED } from './schema.ts'

const EFFECT_MS = 5000
const RECOVERY_MS = 30_000

/** Delays what pods send, for the whole duration. Undo needs the injection's id alone: the shape carries it. */
export const podNetworkLatency: Fault = {
  schema: podNetworkLatencySchema,
  parse: (values) => {
    const tunables = new Tunables(podNetworkLatencySchema, values)
    const common = podPlan(tunables)
    const shape = { latencyMs: tunables.number('NETWORK_LATENCY'), jitterMs: tunables.number('JITTER') }
    tunables.refuseIfSet(UNSUPPORTED)
    if (tunables.problems.length > 0) return { ok: false, problems: tunables.problems }
    return { ok: true, plan: { ...common, roundMs: null, ...latency(shape) } }
  },
  recover: (undo, { target }) => target.clearNetwork(textOf(undo, 'injection')),
  proveRecovery: async (undo, world) => {
    const { inForce } = await look(undo, world)
    const evidence = inForce ? 'the latency is still in force' : `the network of ${textOf(undo, 'pod')} is as before`
    return { proved: !inForce, evidence }
  }
}

type Shaping = Pick<FaultPlan, 'effectDeadlineMs' | 'recoveryDeadlineMs' | 'undo' | 'apply' | 'proveEffect'>

function latency(shape: NetworkShape): Shaping {
  const text = shape.jitterMs === 0 ? `${shape.latencyMs} ms` : `${shape.latencyMs} ± ${shape.jitterMs} ms`
  return {
    effectDeadlineMs: EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    undo: async ({ injection, pod }) => ({ injection, pod: pod.name }),
    apply: ({ injection, pod }, { target }) => target.shapeNetwork(injection, pod, shape),
    proveEffect: async ({ injection, pod }, world): Promise<Proof> => {
      const { inForce } = await look({ injection }, world)
      const evidence = inForce ? `${text} in force on ${pod.name}` : `no latency is in force on ${pod.name}`
      return { proved: inForce, evidence }
    }
  }
}

async function look(undo: UndoData, { target }: FaultWorld): Promise<{ inForce: boolean }> {
  const injection = textOf(undo, 'injection')
  return { inForce: (await target.shaped()).includes(injection) }
}
