import type { Fault } from '../../engine/index.ts'
import { networkFault } from '../network-fault.ts'
import { podNetworkLatencySchema } from './schema.ts'

/** Delays what pods send. */
export const podNetworkLatency: Fault = networkFault({
  schema: podNetworkLatencySchema,
  shape: (tunables) => ({
    kind: 'latency' as const,
    latencyMs: tunables.number('NETWORK_LATENCY'),
    jitterMs: tunables.number('JITTER')
  }),
  text: ({ latencyMs, jitterMs }) => (jitterMs === 0 ? `${latencyMs} ms` : `${latencyMs} ± ${jitterMs} ms`)
})
