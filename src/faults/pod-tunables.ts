import type { FaultSchema, TunableSchema } from '../domain/index.ts'
import type { ParsedFault, PodPlan } from '../engine/index.ts'
import { Tunables } from './tunables.ts'

export const rampTunable: TunableSchema = {
  name: 'RAMP_TIME',
  type: 'duration-seconds',
  default: '0',
  unit: 's',
  min: 0,
  description: 'Pause before and after the harm.'
}

/** What all faults on pods share, with Litmus' names and defaults. */
export const POD_TUNABLES: readonly TunableSchema[] = [
  {
    name: 'PODS_AFFECTED_PERC',
    type: 'percentage',
    default: '0',
    unit: '%',
    min: 0,
    max: 100,
    description: 'Share of the ready pods that are hit, at least one; 0 = exactly one.'
  },
  {
    name: 'TARGET_PODS',
    type: 'list',
    default: '',
    description: 'Only these pods, by name, comma-separated; all of them are hit.'
  },
  {
    name: 'SEQUENCE',
    type: 'string',
    default: 'parallel',
    choices: ['parallel', 'serial'],
    description: 'The chosen pods all at once, or one after another.'
  },
  rampTunable
]

export function durationTunable(seconds: string): TunableSchema {
  return {
    name: 'TOTAL_CHAOS_DURATION',
    type: 'duration-seconds',
    default: seconds,
    unit: 's',
    min: 1,
    description: 'How long the harm lasts in all.'
  }
}

/** Of faults that hit again and again. */
export function intervalTunable(seconds: string): TunableSchema {
  return {
    name: 'CHAOS_INTERVAL',
    type: 'duration-seconds',
    default: seconds,
    unit: 's',
    min: 1,
    description: 'Time between two rounds; each round chooses among the ready pods again.'
  }
}

/** Tunables that narrow the harm in ways not supported yet: known, and refused when set. */
export function unsupported(names: readonly string[]): TunableSchema[] {
  return names.map((name) => ({ ...plain(name, 'Not supported yet: refused when it is set.'), unsupported: true }))
}

/** Tunables of Litmus' own machinery, written in many files: known, without meaning here. */
export function notNeeded(names: readonly string[]): TunableSchema[] {
  return names.map((name) => plain(name, 'Not needed here: it belongs to the machinery of other engines.'))
}

/** Of Litmus' machinery, in files of faults on nodes and workloads. */
export const OBJECT_MACHINERY: readonly TunableSchema[] = notNeeded([
  'LIB',
  'LIB_IMAGE',
  'TARGET_CONTAINER',
  'DEFAULT_HEALTH_CHECK',
  'AUXILIARY_APPINFO',
  'STATUS_CHECK_DELAY',
  'STATUS_CHECK_TIMEOUT',
  'CHAOS_NAMESPACE',
  'INSTANCE_ID'
])

function plain(name: string, description: string): TunableSchema {
  return { name, type: 'string', default: '', description }
}

/** What a fault on pods plans beside what all of them share; if not said, harm is done once and held, and replaces nothing. */
export type OwnPlan = Omit<PodPlan, keyof CommonPlan | 'roundMs' | 'replaces'> &
  Partial<Pick<PodPlan, 'roundMs' | 'replaces'>>

type CommonPlan = Pick<PodPlan, 'durationMs' | 'rampMs' | 'pods' | 'sequence'>

/** The parse of every fault on pods: all tunables are judged by the schema, then read. */
export function parsePodFault(
  schema: FaultSchema,
  written: Readonly<Record<string, string>>,
  own: (tunables: Tunables) => OwnPlan
): ParsedFault {
  const tunables = new Tunables(schema, written)
  if (tunables.problems.length > 0) return { ok: false, problems: tunables.problems }
  return { ok: true, plan: { ...commonPlan(tunables), roundMs: null, replaces: 'nothing', ...own(tunables) } }
}

function commonPlan(tunables: Tunables): CommonPlan {
  return {
    durationMs: tunables.seconds('TOTAL_CHAOS_DURATION'),
    rampMs: tunables.seconds('RAMP_TIME'),
    pods: { names: tunables.list('TARGET_PODS'), percentage: tunables.number('PODS_AFFECTED_PERC') },
    sequence: tunables.text('SEQUENCE') === 'serial' ? 'serial' : 'parallel'
  }
}
