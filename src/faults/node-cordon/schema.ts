import type { FaultSchema } from '../../domain/index.ts'
import { NODE_RIGHTS, NODE_TUNABLES } from '../node-target.ts'

export const nodeCordonSchema: FaultSchema = {
  name: 'node-cordon',
  title: 'Node cordon',
  description:
    'No pod is scheduled to a node any more; those that are there stay. Shows whether a release, or another fault, gets by with one node less. Not one of Litmus.',
  tunables: NODE_TUNABLES,
  infrastructures: {
    kubernetes: 'Sets `unschedulable` of the node, as kubectl cordon does. Refused where it is cordoned already.'
  },
  rights: NODE_RIGHTS,
  harms: 'nodes',
  proof: 'api-intent'
}
