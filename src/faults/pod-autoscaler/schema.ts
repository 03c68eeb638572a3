import type { FaultSchema } from '../../domain/index.ts'
import { durationTunable, OBJECT_MACHINERY, rampTunable } from '../pod-tunables.ts'

export const podAutoscalerSchema: FaultSchema = {
  name: 'pod-autoscaler',
  title: 'Pod autoscaler',
  description:
    'Asks for another number of pods of a workload, and for the number before when it is over. Shows whether the cluster has room for them.',
  tunables: [
    durationTunable('60'),
    {
      name: 'REPLICA_COUNT',
      type: 'integer',
      default: '5',
      min: 1,
      max: 10_000,
      unit: 'pods',
      description:
        'How many pods are asked for. The difference to what is asked for now counts for the guardrail on targets.'
    },
    {
      name: 'APP_AFFECT_PERC',
      type: 'percentage',
      default: '100',
      unit: '%',
      min: 0,
      max: 100,
      description: 'Share of the workloads with the label that is scaled, at least one; 0 = exactly one.'
    },
    rampTunable,
    ...OBJECT_MACHINERY
  ],
  infrastructures: {
    kubernetes:
      'Sets `replicas` through the `scale` subresource of the Deployment or StatefulSet. A HorizontalPodAutoscaler or a GitOps tool that owns the number may set it back at once: that is left, and told as drifted.'
  },
  rights: [
    { group: 'apps', resource: 'deployments', verbs: ['get'] },
    { group: 'apps', resource: 'statefulsets', verbs: ['get'] },
    { group: 'apps', resource: 'deployments/scale', verbs: ['get', 'patch'] },
    { group: 'apps', resource: 'statefulsets/scale', verbs: ['get', 'patch'] }
  ],
  proof: 'effect'
}
