import type { Fault } from '../../engine/index.ts'
import { networkFault } from '../network-fault.ts'
import { podNetworkRateLimitSchema } from './schema.ts'

/** Lets pods send only so much in a second. */
export const podNetworkRateLimit: Fault = networkFault({
  schema: podNetworkRateLimitSchema,
  shape: (tunables) => ({
    kind: 'rate' as const,
    bytesPerSecond: tunables.number('NETWORK_BANDWIDTH'),
    burstBytes: tunables.number('BURST')
  }),
  text: ({ bytesPerSecond, burstBytes }) => `${bytesPerSecond} bytes/s (burst ${burstBytes} bytes)`
})
