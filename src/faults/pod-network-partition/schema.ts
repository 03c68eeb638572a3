import type { FaultSchema } from '../../domain/index.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const POLICY_TYPES = ['all', 'ingress'] as const

export const podNetworkPartitionSchema: FaultSchema = {
  name: 'pod-network-partition',
  title: 'Pod network partition',
  description:
    'Cuts pods of a workload off, by a NetworkPolicy. Shows whether the service stays up while nobody reaches one of its pods.',
  tunables: [
    durationTunable('60'),
    {
      name: 'POLICY_TYPES',
      type: 'string',
      default: 'all',
      choices: POLICY_TYPES,
      description: 'ingress: nobody reaches the pod; all: it reaches nobody either. egress alone could not be proved.'
    },
    {
      name: 'CANARY_PORT',
      type: 'integer',
      default: '0',
      min: 0,
      max: 65_535,
      description:
        'TCP port of the pod that proves it: reached before, not reached during, reached again afterwards. 0 = the first one that the pod names. Not one of Litmus.'
    },
    ...POD_TUNABLES,
    ...unsupported([
      'NAMESPACE_SELECTOR',
      'POD_SELECTOR',
      'DESTINATION_IPS',
      'DESTINATION_HOSTS',
      'PORTS',
      'NETWORK_INTERFACE'
    ]),
    ...notNeeded(['LIB', 'LIB_IMAGE', 'DEFAULT_HEALTH_CHECK', 'CHAOS_NAMESPACE', 'INSTANCE_ID'])
  ],
  infrastructures: {
    kubernetes:
      'A NetworkPolicy that selects the pod by a label which it gets, and allows nothing. Connections that are open already may stay: that is for the network plug-in. The agent must be able to reach the pod, and the plug-in to enforce policies: else the fault ends as *no effect seen*. Experimental: no plug-in enforced it yet where it was seen.'
  },
  rights: [
    { group: '', resource: 'pods', verbs: ['get', 'patch'] },
    { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['list', 'create', 'delete'] }
  ],
  proof: 'effect'
}
