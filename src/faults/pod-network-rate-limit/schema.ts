import type { FaultSchema } from '../../domain/index.ts'
import { NETWORK_NOT_NEEDED, NETWORK_UNSUPPORTED } from '../network-fault.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

/** a second bucket, for peaks */
const RATE_UNSUPPORTED = ['MIN_BURST', 'PEAK_RATE']

export const podNetworkRateLimitSchema: FaultSchema = {
  name: 'pod-network-rate-limit',
  title: 'Pod network rate limit',
  description: 'Lets pods of a workload send only so much in a second. Shows how others bear slow answers.',
  tunables: [
    durationTunable('60'),
    {
      name: 'NETWORK_BANDWIDTH',
      type: 'rate',
      default: '1mbit',
      description: 'A rate as tc writes it: 1mbit, 512kbit (bits in a second), 100kbps (bytes in a second).'
    },
    {
      name: 'BURST',
      type: 'size',
      default: '32kb',
      description: 'What passes at once after a quiet time: a size as tc writes it, 32kb is 32768 bytes.'
    },
    ...POD_TUNABLES,
    ...unsupported([...NETWORK_UNSUPPORTED, ...RATE_UNSUPPORTED]),
    ...notNeeded(['LIMIT', ...NETWORK_NOT_NEEDED])
  ],
  infrastructures: {
    local:
      'Every Service in front of the pod passes what it answers through a token bucket, one for all connections of the pod. What has to wait holds the pod back; nothing is lost, so LIMIT has no meaning. The evidence says how many connections it touched.'
  },
  proof: 'effect'
}
