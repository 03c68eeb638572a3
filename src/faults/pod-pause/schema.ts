import type { FaultSchema } from '../../domain/index.ts'
import { durationTunable, POD_TUNABLES } from '../pod-tunables.ts'

export const podPauseSchema: FaultSchema = {
  name: 'pod-pause',
  title: 'Pod pause',
  description:
    'Stops the processes of pods where they are, and lets them go on when it is over: connections stay open and nobody answers. Shows whether others notice. Not one of Litmus.',
  tunables: [durationTunable('30'), ...POD_TUNABLES],
  infrastructures: {
    local:
      'SIGSTOP to the process group of the pod, SIGCONT at the end. A process that has left the group goes on. A pod whose readiness probe fails meanwhile is taken out of its Services, as it would be in a cluster.'
  },
  proof: 'effect'
}
