import type { Fault } from '../../engine/index.ts'
import { httpFault } from '../http-fault.ts'
import { podHttpResetPeerSchema } from './schema.ts'

/** Resets connections in place of an HTTP answer. */
export const podHttpResetPeer: Fault = httpFault({
  schema: podHttpResetPeerSchema,
  harm: (tunables) => ({ kind: 'reset' as const, afterMs: tunables.number('RESET_TIMEOUT') }),
  text: ({ afterMs }) => `a reset after ${afterMs} ms`
})
