import type { FaultSchema } from '../../domain/index.ts'
import { NODE_RIGHTS, NODE_TUNABLES } from '../node-target.ts'

export const nodeDrainSchema: FaultSchema = {
  name: 'node-drain',
  title: 'Node drain',
  description:
    'Cordons a node and evicts the pods on it, as before its maintenance. Shows whether workloads find another place, and whether a PodDisruptionBudget holds the drain up.',
  tunables: NODE_TUNABLES,
  infrastructures: {
    kubernetes:
      'Evictions, which respect PodDisruptionBudgets; what one holds back is tried again for as long as the fault lasts, and told. Left alone: pods of DaemonSets, of the node itself, of nobody (none would make them again), of denied namespaces, and the agent. Each pod counts as a target for the guardrail. Refused where the node is cordoned already, or is the last one that pods may go to.'
  },
  rights: [...NODE_RIGHTS, { group: '', resource: 'pods/eviction', verbs: ['create'] }],
  harms: 'nodes',
  proof: 'effect'
}
