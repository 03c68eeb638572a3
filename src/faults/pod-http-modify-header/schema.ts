import type { FaultSchema } from '../../domain/index.ts'
import { httpSchema } from '../http-fault.ts'

export const podHttpModifyHeaderSchema: FaultSchema = httpSchema({
  name: 'pod-http-modify-header',
  title: 'Pod HTTP modify header',
  description: 'Sets or removes headers of HTTP answers of pods of a workload.',
  tunables: [
    {
      name: 'HEADERS_MAP',
      type: 'headers',
      default: '{}',
      description:
        'Headers as a JSON object of texts; an empty text removes the header. Headers that say how long the body is are refused.'
    },
    {
      name: 'HEADER_MODE',
      type: 'string',
      default: 'response',
      unsupported: true,
      description: 'Only response; request is refused: not supported yet.'
    }
  ],
  local: 'The answer is changed on the way back.'
})
