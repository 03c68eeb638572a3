import type { FaultSchema } from '../../domain/index.ts'
import { durationTunable, rampTunable } from '../pod-tunables.ts'

export const rolloutRestartSchema: FaultSchema = {
  name: 'rollout-restart',
  title: 'Rollout restart',
  description:
    'Replaces all pods of a workload by its own rollout, as kubectl rollout restart does. Shows whether a plain release goes unnoticed. Not one of Litmus.',
  tunables: [durationTunable('60'), rampTunable],
  infrastructures: {
    kubernetes:
      'Sets the annotation `kubectl.kubernetes.io/restartedAt` of the pod template; the controller does the rest, by the strategy of the workload. All pods count as targets for the guardrail.'
  },
  rights: ['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
    group: 'apps',
    resource,
    verbs: ['get', 'patch']
  })),
  proof: 'effect'
}
