import { deploymentMoves, type RollingSpec } from './deployment-plan.ts'
import { living, type RolloutMoves, type RolloutPod } from './rollout.ts'

/** One step of a DaemonSet, which has one pod on the one node. Pure. OnDelete: an old pod stays until it is deleted. */
export function daemonSetMoves(
  spec: RollingSpec & { update: 'RollingUpdate' | 'OnDelete' },
  pods: readonly RolloutPod[]
): RolloutMoves {
  if (spec.update === 'RollingUpdate' || spec.replicas === 0) return deploymentMoves(spec, pods)
  return deploymentMoves(
    spec,
    living(pods).map((pod) => ({ ...pod, current: true }))
  )
}
