import type { FaultSchema, TunableSchema } from '../domain/index.ts'
import {
  type Fault,
  type FaultWorld,
  type Load,
  type LoadReport,
  type Proof,
  partOf,
  type UndoData
} from '../engine/index.ts'
import { type OwnPlan, parsePodFault } from './pod-tunables.ts'
import type { Tunables } from './tunables.ts'
import { textOf } from './undo-reader.ts'

const EFFECT_MS = 20_000
const RECOVERY_MS = 30_000

export interface LoadFaultOptions {
  schema: FaultSchema
  load(tunables: Tunables): Load
  /** of what is allowed, so much must be seen: others compete for it */
  enough: number
  /** how long it may take until so much is seen; 20 s if not said */
  effectMs?: number
  /** an amount for people: `1.00 cores` */
  text(amount: number): string
}

/** A fault that uses up what a pod needs, for the whole duration. Undo needs the injection's id alone: the load carries it. */
export function loadFault(options: LoadFaultOptions): Fault {
  const { schema, load: read, text } = options
  return {
    schema,
    needs: ['processes'],
    parse: (written) => parsePodFault(schema, written, (tunables) => loading(read(tunables), options)),
    recover: (undo, { target }) => partOf(target, 'processes').unloadPod(textOf(undo, 'injection')),
    proveRecovery: async (undo, world): Promise<Proof> => {
      const report = await find(undo, world)
      const pod = textOf(undo, 'pod')
      if (report === undefined) return { proved: true, evidence: `the load on ${pod} has ended` }
      return { proved: false, evidence: `the load on ${pod} still takes ${text(report.achieved)}` }
    }
  }
}

function loading(load: Load, { enough, text, effectMs = EFFECT_MS }: LoadFaultOptions): OwnPlan {
  return {
    effectDeadlineMs: effectMs,
    recoveryDeadlineMs: RECOVERY_MS,
    undo: async ({ injection, pod }) => ({ injection, pod: pod.name }),
    apply: ({ injection, pod }, { target }) => partOf(target, 'processes').loadPod(injection, pod, load),
    proveEffect: async ({ injection, pod }, world) => {
      const report = await find({ injection }, world)
      if (report === undefined) return { proved: false, evidence: `the load on ${pod.name} has ended` }
      const { asked, allowed, achieved } = report
      const limit = allowed < asked ? `, ${text(allowed)} allowed` : ''
      const evidence = `${text(asked)} asked${limit}, ${text(achieved)} achieved on ${pod.name}`
      return { proved: achieved >= allowed * enough, evidence }
    },
    felt: async ({ injection }, world) => {
      const report = await find({ injection }, world)
      return report === undefined ? null : `${text(report.asked)} asked, ${text(report.achieved)} achieved in the end`
    }
  }
}

async function find(undo: UndoData, { target }: FaultWorld): Promise<LoadReport | undefined> {
  const injection = textOf(undo, 'injection')
  return (await partOf(target, 'processes').loads()).find((report) => report.injection === injection)
}

export const LOAD_UNSUPPORTED = ['NODE_LABEL']

export const LOAD_NOT_NEEDED = [
  'CONTAINER_RUNTIME',
  'SOCKET_PATH',
  'STRESS_IMAGE',
  'LIB',
  'LIB_IMAGE',
  'TARGET_CONTAINER',
  'DEFAULT_HEALTH_CHECK',
  'CHAOS_NAMESPACE',
  'INSTANCE_ID'
]

/** beyond Litmus */
export function forceTunable(limit: string): TunableSchema {
  return {
    name: 'FORCE',
    type: 'boolean',
    default: 'false',
    choices: ['true', 'false'],
    description: `true: more than ${limit}. Not one of Litmus.`
  }
}
