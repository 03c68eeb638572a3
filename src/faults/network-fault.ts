import type { FaultSchema } from '../domain/index.ts'
import {
  type Fault,
  type FaultWorld,
  type NetworkShape,
  partOf,
  type ShapeReport,
  type UndoData
} from '../engine/index.ts'
import { type OwnPlan, parsePodFault } from './pod-tunables.ts'
import type { Tunables } from './tunables.ts'
import { textOf } from './undo-reader.ts'

const EFFECT_MS = 5000
const RECOVERY_MS = 30_000

export interface NetworkFaultOptions<Shape extends NetworkShape> {
  schema: FaultSchema
  shape(tunables: Tunables): Shape
  /** what is in force, for evidence: `2000 ± 100 ms` */
  text(shape: Shape): string
}

/** A fault that shapes what pods send, for the whole duration. Undo needs the injection's id alone: the shape carries it. */
export function networkFault<Shape extends NetworkShape>(options: NetworkFaultOptions<Shape>): Fault {
  const { schema, shape: read, text } = options
  return {
    schema,
    needs: ['network'],
    parse: (written) =>
      parsePodFault(schema, written, (tunables) => {
        const shape = read(tunables)
        return shaping(shape, text(shape))
      }),
    recover: (undo, { target }) => partOf(target, 'network').clearNetwork(textOf(undo, 'injection')),
    proveRecovery: async (undo, world) => {
      const pod = textOf(undo, 'pod')
      const shaped = await inForce(undo, world)
      const evidence = shaped ? `the network of ${pod} is still shaped` : `the network of ${pod} is as before`
      return { proved: !shaped, evidence }
    }
  }
}

function shaping(shape: NetworkShape, text: string): OwnPlan {
  return {
    effectDeadlineMs: EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    undo: async ({ injection, pod }) => ({ injection, pod: pod.name }),
    apply: ({ injection, pod }, { target }) => partOf(target, 'network').shapeNetwork(injection, pod, shape),
    proveEffect: async ({ injection, pod }, world) => {
      const proved = await inForce({ injection }, world)
      return { proved, evidence: `${proved ? text : `no ${shape.kind}`} in force on ${pod.name}` }
    },
    felt: async ({ injection }, world) => {
      const found = await report({ injection }, world)
      return found === undefined ? null : feltText(found)
    }
  }
}

async function inForce(undo: UndoData, world: FaultWorld): Promise<boolean> {
  return (await report(undo, world)) !== undefined
}

async function report(undo: UndoData, { target }: FaultWorld): Promise<ShapeReport | undefined> {
  const injection = textOf(undo, 'injection')
  return (await partOf(target, 'network').shaped()).find((one) => one.injection === injection)
}

/** The shape was in force; whether anything came by is another question. */
function feltText({ of, seen, touched }: ShapeReport): string {
  return seen === 0 ? 'no traffic was seen, nothing felt it' : `it touched ${touched} of ${seen} ${of}`
}

/** They narrow the harm to some destinations: ignoring them would harm more than was asked for. */
export const NETWORK_UNSUPPORTED = [
  'DESTINATION_IPS',
  'DESTINATION_HOSTS',
  'NODE_LABEL',
  'SOURCE_PORTS',
  'DESTINATION_PORTS'
]

export const NETWORK_NOT_NEEDED = [
  'NETWORK_INTERFACE',
  'CONTAINER_RUNTIME',
  'SOCKET_PATH',
  'TC_IMAGE',
  'LIB',
  'LIB_IMAGE',
  'TARGET_CONTAINER',
  'DEFAULT_HEALTH_CHECK',
  'CHAOS_NAMESPACE',
  'INSTANCE_ID'
]
