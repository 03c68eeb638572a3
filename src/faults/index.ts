import type { FaultSchema } from '../domain/index.ts'
import type { Fault } from '../engine/index.ts'
import { containerKill } from './container-kill/container-kill.ts'
import { diskFill } from './disk-fill/disk-fill.ts'
import { imageSwap } from './image-swap/image-swap.ts'
import { nodeCordon } from './node-cordon/node-cordon.ts'
import { nodeDrain } from './node-drain/node-drain.ts'
import { nodeTaint } from './node-taint/node-taint.ts'
import { podAutoscaler } from './pod-autoscaler/pod-autoscaler.ts'
import { podCpuHog } from './pod-cpu-hog/pod-cpu-hog.ts'
import { podCpuHogExec } from './pod-cpu-hog-exec/pod-cpu-hog-exec.ts'
import { podDelete } from './pod-delete/pod-delete.ts'
import { podEvict } from './pod-evict/pod-evict.ts'
import { podHttpLatency } from './pod-http-latency/pod-http-latency.ts'
import { podHttpModifyBody } from './pod-http-modify-body/pod-http-modify-body.ts'
import { podHttpModifyHeader } from './pod-http-modify-header/pod-http-modify-header.ts'
import { podHttpResetPeer } from './pod-http-reset-peer/pod-http-reset-peer.ts'
import { podHttpStatusCode } from './pod-http-status-code/pod-http-status-code.ts'
import { podMemoryHog } from './pod-memory-hog/pod-memory-hog.ts'
import { podMemoryHogExec } from './pod-memory-hog-exec/pod-memory-hog-exec.ts'
import { podNetworkLatency } from './pod-network-latency/pod-network-latency.ts'
import { podNetworkLoss } from './pod-network-loss/pod-network-loss.ts'
import { podNetworkPartition } from './pod-network-partition/pod-network-partition.ts'
import { podNetworkRateLimit } from './pod-network-rate-limit/pod-network-rate-limit.ts'
import { podPause } from './pod-pause/pod-pause.ts'
import { rolloutRestart } from './rollout-restart/rollout-restart.ts'
import { serviceBlackhole } from './service-blackhole/service-blackhole.ts'

/** The register: every kind of harm that this release can do. */
export function createFaults(): Fault[] {
  return [
    podDelete,
    containerKill,
    podPause,
    podCpuHog,
    podMemoryHog,
    diskFill,
    podNetworkLatency,
    podNetworkLoss,
    podNetworkRateLimit,
    podHttpLatency,
    podHttpStatusCode,
    podHttpResetPeer,
    podHttpModifyHeader,
    podHttpModifyBody,
    podCpuHogExec,
    podMemoryHogExec,
    podNetworkPartition,
    podAutoscaler,
    podEvict,
    rolloutRestart,
    imageSwap,
    serviceBlackhole,
    nodeCordon,
    nodeTaint,
    nodeDrain
  ]
}

/** the same as data */
export const faultSchemas: readonly FaultSchema[] = createFaults().map(({ schema }) => schema)
