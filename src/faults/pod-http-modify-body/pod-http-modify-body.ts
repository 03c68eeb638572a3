import type { Fault } from '../../engine/index.ts'
import { bodyOf, httpFault } from '../http-fault.ts'
import { podHttpModifyBodySchema } from './schema.ts'

/** Replaces the body of HTTP answers. */
export const podHttpModifyBody: Fault = httpFault({
  schema: podHttpModifyBodySchema,
  harm: (tunables) => ({ kind: 'answer' as const, status: null, body: bodyOf(tunables, ''), headers: {} }),
  text: ({ body }) => `another body (${body?.text.length ?? 0} characters)`
})
