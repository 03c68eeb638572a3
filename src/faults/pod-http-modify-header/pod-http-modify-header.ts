import type { Fault } from '../../engine/index.ts'
import { httpFault } from '../http-fault.ts'
import { podHttpModifyHeaderSchema } from './schema.ts'

/** Sets and removes headers of HTTP answers. */
export const podHttpModifyHeader: Fault = httpFault({
  schema: podHttpModifyHeaderSchema,
  harm: (tunables) => ({
    kind: 'answer' as const,
    status: null,
    body: null,
    headers: tunables.map('HEADERS_MAP')
  }),
  text: ({ headers }) => `other headers (${Object.keys(headers).join(', ') || 'none'})`
})
