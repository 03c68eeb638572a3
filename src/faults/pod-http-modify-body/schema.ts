import type { FaultSchema } from '../../domain/index.ts'
import { BODY_TUNABLES, httpSchema } from '../http-fault.ts'

export const podHttpModifyBodySchema: FaultSchema = httpSchema({
  name: 'pod-http-modify-body',
  title: 'Pod HTTP modify body',
  description: 'Replaces the body of HTTP answers of pods of a workload. Shows whether callers check what they get.',
  tunables: [
    { name: 'RESPONSE_BODY', type: 'string', default: '', description: 'The body in its place; empty if not said.' },
    ...BODY_TUNABLES
  ],
  local: 'The status stays; headers that speak of the old body are replaced.'
})
