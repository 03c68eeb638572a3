import type { Fault } from '../../engine/index.ts'
import { networkFault } from '../network-fault.ts'
import { podNetworkLossSchema } from './schema.ts'

/** Loses a share of what pods send. */
export const podNetworkLoss: Fault = networkFault({
  schema: podNetworkLossSchema,
  shape: (tunables) => ({ kind: 'loss' as const, percentage: tunables.number('NETWORK_PACKET_LOSS_PERCENTAGE') }),
  text: ({ percentage }) => `a loss of ${percentage} %`
})
