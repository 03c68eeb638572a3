import type { FaultSchema } from '../../domain/index.ts'
import { NETWORK_NOT_NEEDED, NETWORK_UNSUPPORTED } from '../network-fault.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const podNetworkLossSchema: FaultSchema = {
  name: 'pod-network-loss',
  title: 'Pod network loss',
  description: 'Loses a share of what pods of a workload send. Shows whether others time out, retry, or fall back.',
  tunables: [
    durationTunable('60'),
    {
      name: 'NETWORK_PACKET_LOSS_PERCENTAGE',
      type: 'percentage',
      default: '100',
      unit: '%',
      min: 0,
      max: 100,
      description: 'Share that is lost; 100 = nothing gets through.'
    },
    ...POD_TUNABLES,
    ...unsupported(NETWORK_UNSUPPORTED),
    ...notNeeded(NETWORK_NOT_NEEDED)
  ],
  infrastructures: {
    local:
      'A proxy sees connections, not packets: every Service in front of the pod stalls that share of its connections, new and open ones, until the fault ends; then they go on. The evidence says how many connections it touched.'
  },
  proof: 'effect'
}
