/** What a Deployment's controller sees of a pod. */
export interface RolloutPod {
  uid: string
  /** of the template as it is now */
  current: boolean
  ready: boolean
  terminating: boolean
}

export interface RolloutSpec {
  replicas: number
  maxSurge: number
  maxUnavailable: number
}

export interface RolloutMoves {
  create: number
  remove: string[]
}

/**
 * One step of a rolling update. Pure. Never more than replicas + maxSurge pods live; a ready pod is taken away only
 * while at least replicas − maxUnavailable others are ready. Old pods that are not ready go first: they serve nobody.
 */
export function rolloutMoves(spec: RolloutSpec, pods: readonly RolloutPod[]): RolloutMoves {
  const live = pods.filter((pod) => !pod.terminating)
  const current = live.filter((pod) => pod.current)
  const old = live.filter((pod) => !pod.current)
  // a rollout must be able to move: without any slack one pod more is allowed
  const surge = spec.maxSurge === 0 && spec.maxUnavailable === 0 ? 1 : spec.maxSurge
  const room = spec.replicas + surge - live.length
  const create = Math.max(0, Math.min(spec.replicas - current.length, room))
  const surplus = current.length > spec.replicas ? worstFirst(current).slice(0, current.length - spec.replicas) : []
  const remove = surplus.map((pod) => pod.uid)
  let ready = live.filter((pod) => pod.ready && !remove.includes(pod.uid)).length
  for (const pod of worstFirst(old)) {
    if (pod.ready && ready - 1 < spec.replicas - spec.maxUnavailable) continue
    if (pod.ready) ready -= 1
    remove.push(pod.uid)
  }
  return { create, remove }
}

/** All current, all ready, nothing old left. */
export function isComplete(spec: RolloutSpec, pods: readonly RolloutPod[]): boolean {
  const live = pods.filter((pod) => !pod.terminating)
  return (
    live.every((pod) => pod.current) &&
    live.filter((pod) => pod.ready).length === spec.replicas &&
    live.length === spec.replicas
  )
}

function worstFirst(pods: readonly RolloutPod[]): RolloutPod[] {
  return pods.toSorted((a, b) => Number(a.ready) - Number(b.ready))
}
