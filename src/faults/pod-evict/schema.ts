import type { FaultSchema } from '../../domain/index.ts'
import { durationTunable, intervalTunable, POD_TUNABLES } from '../pod-tunables.ts'

export const podEvictSchema: FaultSchema = {
  name: 'pod-evict',
  title: 'Pod evict',
  description:
    'Evicts pods of a workload, again at every interval, as a drain of their nodes would. Shows whether the service stays up, and what its PodDisruptionBudget lets go. Not one of Litmus.',
  tunables: [durationTunable('15'), intervalTunable('5'), ...POD_TUNABLES],
  infrastructures: {
    kubernetes:
      'An eviction through the API, which a PodDisruptionBudget may hold back: it is tried again for 15 s, then the run says which budget held it back, and what it needs.'
  },
  rights: [{ group: '', resource: 'pods/eviction', verbs: ['create'] }],
  proof: 'effect'
}
