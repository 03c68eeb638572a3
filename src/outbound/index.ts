export type { Admitted, EgressRules } from './egress.ts'
export { createOutbound, type Outbound, type OutboundAnswer, type OutboundRequest } from './outbound.ts'
