import type { FaultSchema } from '../../domain/index.ts'
import { durationTunable, POD_TUNABLES } from '../pod-tunables.ts'

export const imageSwapSchema: FaultSchema = {
  name: 'image-swap',
  title: 'Image swap',
  description:
    'Gives a container an image that is not there, and its own one when it is over: of single pods, which fail while the others go on, or of the workload, as by a bad release. Not one of Litmus.',
  tunables: [
    durationTunable('60'),
    {
      name: 'LEVEL',
      type: 'string',
      default: 'pod',
      choices: ['pod', 'workload'],
      description:
        'pod: of the chosen pods, without a rollout, which no GitOps tool notices. workload: of the template, so that the controller begins a rollout; the tunables that choose pods have no meaning then.'
    },
    {
      name: 'IMAGE',
      type: 'string',
      default: 'faultline.invalid/image-swap:none',
      description: 'The image meanwhile. The default is in a registry that nobody can have.'
    },
    {
      name: 'TARGET_CONTAINER',
      type: 'string',
      default: '',
      description: 'The container by its name; the first one of the pod where nothing is said.'
    },
    ...POD_TUNABLES
  ],
  infrastructures: {
    kubernetes:
      'Sets `image` of the container in the pod, or in the template of the Deployment, StatefulSet or DaemonSet. A tool that owns the template may set it back at once: that is left, and told. With LEVEL workload all pods count as targets for the guardrail.'
  },
  rights: [
    { group: '', resource: 'pods', verbs: ['get', 'patch'] },
    ...['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
      group: 'apps',
      resource,
      verbs: ['get', 'patch']
    }))
  ],
  proof: 'effect'
}
