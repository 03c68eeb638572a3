import type { FaultSchema } from '../../domain/index.ts'
import { durationTunable, rampTunable } from '../pod-tunables.ts'

export const serviceBlackholeSchema: FaultSchema = {
  name: 'service-blackhole',
  title: 'Service blackhole',
  description:
    'A Service has no endpoints, while its pods go on. Shows what callers do when the name is there and nobody answers. Not one of Litmus.',
  tunables: [
    durationTunable('60'),
    {
      name: 'SERVICE_NAMES',
      type: 'list',
      default: '',
      description:
        'The Services by name, comma-separated, in the namespace of the target. Empty: those that select a pod of the workload.'
    },
    rampTunable
  ],
  infrastructures: {
    kubernetes:
      'Adds a label that no pod has to the selector of the Service. Connections that are open may go on. A Service without a selector is refused: whoever made it tells its endpoints.'
  },
  rights: [
    { group: '', resource: 'services', verbs: ['list', 'get', 'patch'] },
    { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list'] }
  ],
  proof: 'effect'
}
