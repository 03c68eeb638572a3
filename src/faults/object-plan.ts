import type { FaultSchema } from '../domain/index.ts'
import type { ObjectPlan, ParsedFault } from '../engine/index.ts'
import { Tunables } from './tunables.ts'

/** What a fault on objects plans beside what all of them share; if not said, harm is done once and held, and all at once. */
export type OwnObjectPlan = Omit<ObjectPlan, 'durationMs' | 'rampMs' | 'sequence' | 'roundMs' | 'replaces'> &
  Partial<Pick<ObjectPlan, 'replaces'>>

/** The parse of every fault on objects of a cluster: all tunables are judged by the schema, then read. */
export function parseObjectFault(
  schema: FaultSchema,
  written: Readonly<Record<string, string>>,
  own: (tunables: Tunables) => OwnObjectPlan
): ParsedFault {
  const tunables = new Tunables(schema, written)
  if (tunables.problems.length > 0) return { ok: false, problems: tunables.problems }
  return { ok: true, plan: { ...commonPlan(tunables), replaces: 'nothing', ...own(tunables) } }
}

function commonPlan(tunables: Tunables): Pick<ObjectPlan, 'durationMs' | 'rampMs' | 'sequence' | 'roundMs'> {
  return {
    durationMs: tunables.seconds('TOTAL_CHAOS_DURATION'),
    rampMs: tunables.seconds('RAMP_TIME'),
    sequence: 'parallel',
    roundMs: null
  }
}
