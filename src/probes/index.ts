import type { ProbeSchema } from '../domain/index.ts'
import type { Probe } from '../engine/index.ts'
import type { Outbound } from '../outbound/index.ts'
import { cmdProbe } from './cmd-probe/cmd-probe.ts'
import { cmdProbeSchema } from './cmd-probe/schema.ts'
import { createHttpProbe } from './http-probe/http-probe.ts'
import { httpProbeSchema } from './http-probe/schema.ts'
import { k8sProbe } from './k8s-probe/k8s-probe.ts'
import { k8sProbeSchema } from './k8s-probe/schema.ts'
import { createPromProbe } from './prom-probe/prom-probe.ts'
import { promProbeSchema } from './prom-probe/schema.ts'
import { tcpProbeSchema } from './tcp-probe/schema.ts'
import { createTcpProbe } from './tcp-probe/tcp-probe.ts'

export interface ProbeOptions {
  /** judges and makes every request; Service addresses of the run's own infrastructure must be allowed by its rules */
  outbound: Outbound
}

/** The register: every type of check that this release can make. */
export function createProbes({ outbound }: ProbeOptions): Probe[] {
  return [createHttpProbe(outbound), createPromProbe(outbound), createTcpProbe(outbound), cmdProbe, k8sProbe]
}

/** the same as data */
export const probeSchemas: readonly ProbeSchema[] = [
  httpProbeSchema,
  promProbeSchema,
  tcpProbeSchema,
  cmdProbeSchema,
  k8sProbeSchema
]
