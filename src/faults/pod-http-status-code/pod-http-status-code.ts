import type { Fault } from '../../engine/index.ts'
import { bodyOf, httpFault } from '../http-fault.ts'
import { podHttpStatusCodeSchema } from './schema.ts'

/** Answers with another HTTP status. */
export const podHttpStatusCode: Fault = httpFault({
  schema: podHttpStatusCodeSchema,
  harm: (tunables) => {
    const status = tunables.number('STATUS_CODE')
    const body = bodyOf(tunables, `status ${status}, by a fault\n`)
    const withBody = tunables.flag('MODIFY_RESPONSE_BODY')
    return { kind: 'answer' as const, status, body: withBody ? body : null, headers: {} }
  },
  text: ({ status }) => `status ${status}`
})
