import type { FaultSchema } from '../../domain/index.ts'
import { EXEC_NOT_NEEDED, EXEC_RIGHTS, targetContainerTunable } from '../exec-tunables.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const podMemoryHogExecSchema: FaultSchema = {
  name: 'pod-memory-hog-exec',
  title: 'Pod memory hog by exec',
  description:
    'Uses up memory in a container, by a command that is run in it. Shows whether the service lives with less of it.',
  tunables: [
    durationTunable('60'),
    {
      name: 'MEMORY_CONSUMPTION',
      type: 'integer',
      default: '500',
      unit: 'MiB',
      min: 1,
      max: 65_536,
      description: 'Memory that is held in the container.'
    },
    targetContainerTunable,
    ...POD_TUNABLES,
    ...unsupported(['NODE_LABEL']),
    ...notNeeded(EXEC_NOT_NEEDED)
  ],
  infrastructures: {
    kubernetes:
      "A process that holds as much in the container, which must have sh, env, head, tail, sleep, tr and grep. Beyond the container's memory limit the kernel ends it, or the whole container: then the fault ends as *no effect seen*. It ends by itself, also if nobody is left to end it. Experimental: seen on simulated nodes with real processes alone."
  },
  rights: EXEC_RIGHTS,
  proof: 'effect'
}
