import type { FaultSchema } from '../../domain/index.ts'
import { httpSchema } from '../http-fault.ts'

export const podHttpLatencySchema: FaultSchema = httpSchema({
  name: 'pod-http-latency',
  title: 'Pod HTTP latency',
  description: 'Delays HTTP answers of pods of a workload, each by as much, whatever its size.',
  tunables: [
    {
      name: 'LATENCY',
      type: 'duration-ms',
      default: '2000',
      unit: 'ms',
      min: 1,
      max: 600_000,
      description: 'Delay of each answer.'
    }
  ],
  local: 'The head of the answer is held back.'
})
