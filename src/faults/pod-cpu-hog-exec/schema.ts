import type { FaultSchema } from '../../domain/index.ts'
import { EXEC_NOT_NEEDED, EXEC_RIGHTS, targetContainerTunable } from '../exec-tunables.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const podCpuHogExecSchema: FaultSchema = {
  name: 'pod-cpu-hog-exec',
  title: 'Pod CPU hog by exec',
  description:
    'Uses up CPU in a container, by a command that is run in it. Shows whether the service is still quick enough.',
  tunables: [
    durationTunable('60'),
    {
      name: 'CPU_CORES',
      type: 'integer',
      default: '1',
      min: 1,
      max: 64,
      description: 'Cores that are loaded: so many loops run in the container.'
    },
    targetContainerTunable,
    {
      name: 'CHAOS_INJECT_COMMAND',
      type: 'string',
      default: 'md5sum /dev/zero',
      unsupported: true,
      description: 'A command of your own is refused; a loop of the shell is run, whatever the default says.'
    },
    ...POD_TUNABLES,
    ...unsupported(['NODE_LABEL']),
    ...notNeeded(EXEC_NOT_NEEDED)
  ],
  infrastructures: {
    kubernetes:
      'Loops of the shell in the container, which must have sh, env, sleep, tr and grep. A CPU limit of the container holds: asked and achieved are in the evidence. They end by themselves, also if nobody is left to end them. Experimental: seen on simulated nodes with real processes alone.'
  },
  rights: EXEC_RIGHTS,
  proof: 'effect'
}
