/** What a plan sees of a pod. */
export interface RolloutPod {
  uid: string
  /** its number in a StatefulSet; null elsewhere */
  ordinal: number | null
  /** of the template as it is now */
  current: boolean
  ready: boolean
  terminating: boolean
}

/** A pod to be made. */
export interface PodWish {
  ordinal: number | null
  /** previous: the last one that was rolled out whole, where the rollout has not come so far */
  template: 'current' | 'previous'
}

/** One step of a rollout. */
export interface RolloutMoves {
  create: PodWish[]
  /** uids */
  remove: string[]
}

export function worstFirst(pods: readonly RolloutPod[]): RolloutPod[] {
  return pods.toSorted((a, b) => Number(a.ready) - Number(b.ready))
}

export function living(pods: readonly RolloutPod[]): RolloutPod[] {
  return pods.filter((pod) => !pod.terminating)
}
