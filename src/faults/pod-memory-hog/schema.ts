import type { FaultSchema } from '../../domain/index.ts'
import { forceTunable, LOAD_NOT_NEEDED, LOAD_UNSUPPORTED } from '../load-fault.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const podMemoryHogSchema: FaultSchema = {
  name: 'pod-memory-hog',
  title: 'Pod memory hog',
  description: 'Uses up memory where pods of a workload run. Shows whether the service lives with what is left.',
  tunables: [
    durationTunable('60'),
    {
      name: 'MEMORY_CONSUMPTION',
      type: 'integer',
      default: '500',
      unit: 'MB',
      min: 1,
      max: 4_194_304,
      description: 'Memory that is used up, for each pod.'
    },
    forceTunable('a quarter of the free memory, for all loads together'),
    ...POD_TUNABLES,
    ...unsupported(LOAD_UNSUPPORTED),
    ...notNeeded(['NUMBER_OF_WORKERS', ...LOAD_NOT_NEEDED])
  ],
  infrastructures: {
    local:
      'A process beside the pod holds that much; it is the first to be ended when memory runs out. The machine is shared: all pods feel it. All loads together take at most a quarter of the free memory, unless FORCE. Asked, allowed and achieved are in the evidence.'
  },
  proof: 'effect'
}
