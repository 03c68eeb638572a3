import type { FaultSchema } from '../../domain/index.ts'
import { durationTunable, intervalTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const podDeleteSchema: FaultSchema = {
  name: 'pod-delete',
  title: 'Pod delete',
  description:
    'Deletes pods of a workload, again at every interval. Shows whether the service stays up while one is away.',
  tunables: [
    durationTunable('15'),
    intervalTunable('5'),
    {
      name: 'FORCE',
      type: 'boolean',
      default: 'true',
      choices: ['true', 'false'],
      description: 'true: the pod is killed at once; false: it gets 30 s to end by itself.'
    },
    ...POD_TUNABLES,
    ...unsupported(['NODE_LABEL']),
    {
      name: 'RANDOMNESS',
      type: 'boolean',
      default: 'false',
      unsupported: true,
      description: 'Random intervals. Not supported yet: refused when it is true.'
    },
    ...notNeeded(['LIB', 'LIB_IMAGE', 'TARGET_CONTAINER', 'DEFAULT_HEALTH_CHECK', 'CHAOS_NAMESPACE', 'INSTANCE_ID'])
  ],
  infrastructures: {
    local: 'The process of the pod gets SIGKILL (or SIGTERM first, without FORCE); the workload starts another.',
    kubernetes: 'The pod is deleted through the API; its controller makes another.'
  },
  rights: [{ group: '', resource: 'pods', verbs: ['delete'] }],
  proof: 'effect'
}
