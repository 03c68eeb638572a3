import type { FaultSchema } from '../../domain/index.ts'
import { EXEC_RIGHTS, targetContainerTunable } from '../exec-tunables.ts'
import { durationTunable, intervalTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const SIGNALS = ['SIGKILL', 'SIGTERM'] as const

export const containerKillSchema: FaultSchema = {
  name: 'container-kill',
  title: 'Container kill',
  description:
    'Kills the process of a container, again at every interval; the pod stays and starts it again. Shows whether the service survives a crash.',
  tunables: [
    durationTunable('20'),
    intervalTunable('10'),
    {
      name: 'SIGNAL',
      type: 'string',
      default: 'SIGKILL',
      choices: SIGNALS,
      description: 'What the process gets. A process that does not handle SIGTERM may ignore it, as in a container.'
    },
    targetContainerTunable,
    ...POD_TUNABLES,
    ...unsupported(['NODE_LABEL']),
    ...notNeeded([
      'CONTAINER_RUNTIME',
      'SOCKET_PATH',
      'LIB',
      'LIB_IMAGE',
      'DEFAULT_HEALTH_CHECK',
      'CHAOS_NAMESPACE',
      'INSTANCE_ID'
    ])
  ],
  infrastructures: {
    local: 'The process group of the pod gets the signal; the pod starts it again with back-off, under the same name.',
    kubernetes:
      'By a command in the container, which must have sh: its process 1 gets the signal. The kernel lets no SIGKILL from within a container through to process 1, so that one gets SIGTERM as well; a process 1 that does not handle SIGTERM stays, and the fault ends as *no effect seen*. Refused where the containers of a pod share their processes. Experimental: seen on simulated nodes alone.'
  },
  rights: EXEC_RIGHTS,
  proof: 'effect'
}
