import type { FaultSchema } from '../../domain/index.ts'
import { NETWORK_NOT_NEEDED, NETWORK_UNSUPPORTED } from '../network-fault.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const podNetworkLatencySchema: FaultSchema = {
  name: 'pod-network-latency',
  title: 'Pod network latency',
  description: 'Delays what pods of a workload send. Shows whether others wait for them, time out, or fall back.',
  tunables: [
    durationTunable('60'),
    {
      name: 'NETWORK_LATENCY',
      type: 'duration-ms',
      default: '2000',
      unit: 'ms',
      min: 1,
      max: 600_000,
      description: 'Delay of what the pod sends.'
    },
    {
      name: 'JITTER',
      type: 'duration-ms',
      default: '0',
      unit: 'ms',
      min: 0,
      max: 600_000,
      description: 'The delay varies by up to so much, up and down.'
    },
    ...POD_TUNABLES,
    ...unsupported(NETWORK_UNSUPPORTED),
    ...notNeeded(NETWORK_NOT_NEEDED)
  ],
  infrastructures: {
    local:
      'Every Service in front of the pod delays what the pod answers; nothing is lost, order is kept. The evidence says how many connections it touched.'
  },
  proof: 'effect'
}
