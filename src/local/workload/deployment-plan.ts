import { living, type RolloutMoves, type RolloutPod, worstFirst } from './rollout.ts'

export interface RollingSpec {
  replicas: number
  maxSurge: number
  maxUnavailable: number
}

/**
 * One step of a Deployment's rolling update. Pure. Never more than replicas + maxSurge pods live; a ready pod is taken
 * away only while at least replicas − maxUnavailable others are ready. Old pods that are not ready go first: they serve
 * nobody.
 */
export function deploymentMoves(spec: RollingSpec, pods: readonly RolloutPod[]): RolloutMoves {
  const live = living(pods)
  const current = live.filter((pod) => pod.current)
  const old = live.filter((pod) => !pod.current)
  // a rollout must be able to move: without any slack one pod more is allowed
  const surge = spec.maxSurge === 0 && spec.maxUnavailable === 0 ? 1 : spec.maxSurge
  const room = spec.replicas + surge - live.length
  const missing = Math.max(0, Math.min(spec.replicas - current.length, room))
  const surplus = current.length > spec.replicas ? worstFirst(current).slice(0, current.length - spec.replicas) : []
  const remove = surplus.map((pod) => pod.uid)
  let ready = live.filter((pod) => pod.ready && !remove.includes(pod.uid)).length
  for (const pod of worstFirst(old)) {
    if (pod.ready && ready - 1 < spec.replicas - spec.maxUnavailable) continue
    if (pod.ready) ready -= 1
    remove.push(pod.uid)
  }
  return { create: Array(missing).fill({ ordinal: null, template: 'current' }), remove }
}

/** All current, all ready, nothing old left. */
export function deploymentComplete(spec: { replicas: number }, pods: readonly RolloutPod[]): boolean {
  const live = living(pods)
  return live.length === spec.replicas && live.every((pod) => pod.current && pod.ready)
}
