import type { WorkloadSpec } from '../spec/workload-spec.ts'
import { daemonSetMoves } from './daemonset-plan.ts'
import { deploymentComplete, deploymentMoves } from './deployment-plan.ts'
import type { RolloutMoves, RolloutPod } from './rollout.ts'
import { statefulSetComplete, statefulSetMoves } from './statefulset-plan.ts'

/** What is to be done next for a workload of any kind. Pure. */
export function movesOf(spec: WorkloadSpec, pods: readonly RolloutPod[]): RolloutMoves {
  if (spec.kind === 'StatefulSet') return statefulSetMoves(spec, pods)
  return spec.kind === 'DaemonSet' ? daemonSetMoves(spec, pods) : deploymentMoves(spec, pods)
}

export function isComplete(spec: WorkloadSpec, pods: readonly RolloutPod[]): boolean {
  return spec.kind === 'StatefulSet' ? statefulSetComplete(spec, pods) : deploymentComplete(spec, pods)
}

/** How many pods wait for a person to delete them before they get the template as it is now. */
export function waitingForDeletion(spec: WorkloadSpec, pods: readonly RolloutPod[]): number {
  if (spec.kind === 'Deployment' || spec.update !== 'OnDelete') return 0
  return pods.filter((pod) => !pod.terminating && !pod.current).length
}
