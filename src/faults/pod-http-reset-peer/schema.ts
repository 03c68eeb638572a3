import type { FaultSchema } from '../../domain/index.ts'
import { httpSchema } from '../http-fault.ts'

export const podHttpResetPeerSchema: FaultSchema = httpSchema({
  name: 'pod-http-reset-peer',
  title: 'Pod HTTP reset peer',
  description: 'Resets the connection in place of the HTTP answer of a pod. Shows whether callers try again safely.',
  tunables: [
    {
      name: 'RESET_TIMEOUT',
      type: 'duration-ms',
      default: '0',
      unit: 'ms',
      min: 0,
      max: 600_000,
      description: 'How long after the answer has come the connection is reset.'
    }
  ],
  local: 'The pod gets the request and does its work; the caller gets a TCP reset.'
})
