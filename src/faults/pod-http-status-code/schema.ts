import type { FaultSchema } from '../../domain/index.ts'
import { BODY_TUNABLES, httpSchema } from '../http-fault.ts'

export const podHttpStatusCodeSchema: FaultSchema = httpSchema({
  name: 'pod-http-status-code',
  title: 'Pod HTTP status code',
  description: 'Changes the status of HTTP answers of pods of a workload. Shows whether callers bear errors.',
  tunables: [
    {
      name: 'STATUS_CODE',
      type: 'integer',
      default: '500',
      choices: '200 201 202 204 300 301 302 304 307 400 401 403 404 500 501 502 503 504'.split(' '),
      description: 'The status; 500 where nothing is said (Litmus draws one then, which no run could repeat).'
    },
    {
      name: 'MODIFY_RESPONSE_BODY',
      type: 'boolean',
      default: 'true',
      choices: ['true', 'false'],
      description: 'true: the body is replaced too; false: it stays.'
    },
    {
      name: 'RESPONSE_BODY',
      type: 'string',
      default: '',
      description: 'The body in its place; a sentence that names the status where nothing is said.'
    },
    ...BODY_TUNABLES
  ],
  local: 'The pod gets the request and does its work; its answer is changed on the way back.'
})
