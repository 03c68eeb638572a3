import type { FaultSchema } from '../../domain/index.ts'
import { NODE_RIGHTS, NODE_TUNABLES } from '../node-target.ts'

export const nodeTaintSchema: FaultSchema = {
  name: 'node-taint',
  title: 'Node taint',
  description:
    'Gives a node a taint, and takes it away when it is over. NoSchedule keeps new pods away, NoExecute drives away what does not tolerate it. Shows whether a workload finds another place.',
  tunables: [
    ...NODE_TUNABLES,
    {
      name: 'TAINTS',
      type: 'string',
      default: 'faultline.dev/chaos=true:NoSchedule',
      description:
        'One taint, `key=value:effect` or `key:effect`, with the effect NoSchedule, PreferNoSchedule or NoExecute. As in Litmus the value is node-taint and the effect NoExecute where they are not said.'
    }
  ],
  infrastructures: {
    kubernetes:
      'Adds the taint to those of the node. With NoExecute the cluster evicts what does not tolerate it, in every namespace and whatever a PodDisruptionBudget says; the pods do not come back by themselves. Refused where the node has this taint already.'
  },
  rights: NODE_RIGHTS,
  harms: 'nodes',
  proof: 'api-intent'
}
