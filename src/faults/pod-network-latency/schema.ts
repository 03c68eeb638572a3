import type { FaultSchema } from '../../domain/index.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

/** they narrow the harm to some destinations: ignoring them would harm more than was asked for */
export const UNSUPPORTED = ['DESTINATION_IPS', 'DESTINATION_HOSTS', 'NODE_LABEL', 'SOURCE_PORTS', 'DESTINATION_PORTS']

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
    ...unsupported(UNSUPPORTED),
    ...notNeeded([
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
    ])
  ],
  infrastructures: {
    local: 'Every Service in front of the pod delays what the pod answers; nothing is lost, order is kept.'
  },
  proof: 'effect'
}
