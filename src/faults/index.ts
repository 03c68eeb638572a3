import type { FaultSchema } from '../domain/index.ts'
import type { Fault } from '../engine/index.ts'
import { podDelete } from './pod-delete/pod-delete.ts'
import { podDeleteSchema } from './pod-delete/schema.ts'
import { podNetworkLatency } from './pod-network-latency/pod-network-latency.ts'
import { podNetworkLatencySchema } from './pod-network-latency/schema.ts'

/** The register: every kind of harm that this release can do. */
export function createFaults(): Fault[] {
  return [podDelete, podNetworkLatency]
}

/** the same as data */
export const faultSchemas: readonly FaultSchema[] = [podDeleteSchema, podNetworkLatencySchema]
