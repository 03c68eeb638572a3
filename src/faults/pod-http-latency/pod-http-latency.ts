import type { Fault } from '../../engine/index.ts'
import { httpFault } from '../http-fault.ts'
import { podHttpLatencySchema } from './schema.ts'

/** Delays HTTP answers of pods. */
export const podHttpLatency: Fault = httpFault({
  schema: podHttpLatencySchema,
  harm: (tunables) => ({ kind: 'delay' as const, ms: tunables.number('LATENCY') }),
  text: ({ ms }) => `a delay of ${ms} ms`
})
