import type { Fault } from '../../engine/index.ts'
import { NETWORK_UNSUPPORTED, networkFault } from '../network-fault.ts'
import { bytesOf, bytesPerSecondOf } from './quantities.ts'
import { podNetworkRateLimitSchema, RATE_UNSUPPORTED } from './schema.ts'

/** Lets pods send only so much in a second. */
export const podNetworkRateLimit: Fault = networkFault({
  schema: podNetworkRateLimitSchema,
  unsupported: [...NETWORK_UNSUPPORTED, ...RATE_UNSUPPORTED],
  shape: (tunables) => ({
    kind: 'rate' as const,
    bytesPerSecond: tunables.quantity('NETWORK_BANDWIDTH', bytesPerSecondOf),
    burstBytes: tunables.quantity('BURST', bytesOf)
  }),
  text: ({ bytesPerSecond, burstBytes }) => `${bytesPerSecond} bytes/s (burst ${burstBytes} bytes)`
})
