import type { FaultSchema } from '../../domain/index.ts'
import { forceTunable, LOAD_NOT_NEEDED, LOAD_UNSUPPORTED } from '../load-fault.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const podCpuHogSchema: FaultSchema = {
  name: 'pod-cpu-hog',
  title: 'Pod CPU hog',
  description: 'Uses up CPU where pods of a workload run. Shows whether the service is still quick enough.',
  tunables: [
    durationTunable('60'),
    {
      name: 'CPU_CORES',
      type: 'integer',
      default: '1',
      min: 0,
      max: 1024,
      description: 'Cores that are loaded, for each pod; 0 = all that are allowed.'
    },
    {
      name: 'CPU_LOAD',
      type: 'percentage',
      default: '100',
      unit: '%',
      min: 1,
      max: 100,
      description: 'How much of each of these cores.'
    },
    forceTunable('all cores but one, for all loads together'),
    ...POD_TUNABLES,
    ...unsupported(LOAD_UNSUPPORTED),
    ...notNeeded(LOAD_NOT_NEEDED)
  ],
  infrastructures: {
    local:
      'One process for each core beside the pod, which measures itself and keeps to the load that was asked for. The machine is shared: all pods feel it. All loads together leave one core, unless FORCE. Asked and achieved load are in the evidence.'
  },
  proof: 'effect'
}
