import type { ProbeSchema } from '../domain/index.ts'
import type { Probe } from '../engine/index.ts'
import type { Outbound } from '../outbound/index.ts'
import { createHttpProbe } from './http-probe/http-probe.ts'
import { httpProbeSchema } from './http-probe/schema.ts'

export interface ProbeOptions {
  /** judges and makes every request; Service addresses of the run's own infrastructure must be allowed by its rules */
  outbound: Outbound
}

/** The register: every type of check that this release can make. */
export function createProbes({ outbound }: ProbeOptions): Probe[] {
  return [createHttpProbe(outbound)]
}

/** the same as data */
export const probeSchemas: readonly ProbeSchema[] = [httpProbeSchema]
