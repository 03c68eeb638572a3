import { living, type RolloutMoves, type RolloutPod } from './rollout.ts'

export interface OrderedSpec {
  replicas: number
  update: 'RollingUpdate' | 'OnDelete'
  partition: number
  parallel: boolean
}

type OrderedPod = RolloutPod & { ordinal: number }

/**
 * One step of a StatefulSet. Pure. An ordinal is never there twice: a pod that is going keeps its place until it is gone.
 *
 * - pods come from ordinal 0 up, each when all below it are ready, and go from the highest down, one at a time;
 *   `parallel`: all at once
 * - an update replaces one pod at a time from the highest ordinal down to the partition, each when all others are ready.
 *   Beyond Kubernetes: one that is not ready is replaced at once, so that a good template mends what a bad one broke
 */
export function statefulSetMoves(spec: OrderedSpec, pods: readonly RolloutPod[]): RolloutMoves {
  const ordered = byOrdinal(pods)
  const surplus = ordered.filter(({ ordinal }) => ordinal >= spec.replicas)
  const wanted = ordered.filter(({ ordinal }) => ordinal < spec.replicas)
  const scaled = goingDown(spec, surplus)
  const create = comingUp(spec, wanted)
  if (create.length > 0 || surplus.length > 0 || wanted.some((pod) => pod.terminating)) {
    return { create, remove: [...scaled, ...broken(spec, wanted)] }
  }
  return { create, remove: replaced(spec, wanted) }
}

/** All that the update is to reach is current, and all are ready. */
export function statefulSetComplete(spec: OrderedSpec, pods: readonly RolloutPod[]): boolean {
  const live = byOrdinal(living(pods))
  const reached = (pod: OrderedPod) => pod.current || (spec.update === 'RollingUpdate' && pod.ordinal < spec.partition)
  return live.length === spec.replicas && live.every((pod) => pod.ready && reached(pod))
}

function goingDown({ parallel }: OrderedSpec, surplus: readonly OrderedPod[]): string[] {
  const live = surplus.filter((pod) => !pod.terminating).map(({ uid }) => uid)
  if (parallel) return live
  return surplus.length === live.length ? live.slice(-1) : []
}

function comingUp(spec: OrderedSpec, wanted: readonly OrderedPod[]): RolloutMoves['create'] {
  const create: RolloutMoves['create'] = []
  for (let ordinal = 0; ordinal < spec.replicas; ordinal++) {
    const pod = wanted.find((one) => one.ordinal === ordinal)
    if (pod === undefined) create.push({ ordinal, template: templateFor(ordinal, spec, wanted) })
    if (!spec.parallel && !(pod?.ready && !pod.terminating)) break
  }
  return create
}

/** While a pod with the new template is not ready, what goes elsewhere comes back as it was. */
function templateFor(ordinal: number, spec: OrderedSpec, wanted: readonly OrderedPod[]): 'current' | 'previous' {
  if (spec.update === 'OnDelete') return 'current'
  return ordinal < spec.partition || isUnproved(wanted) ? 'previous' : 'current'
}

function isUnproved(wanted: readonly OrderedPod[]): boolean {
  return wanted.some((pod) => pod.current && !pod.ready && !pod.terminating)
}

function replaced(spec: OrderedSpec, wanted: readonly OrderedPod[]): string[] {
  const bad = broken(spec, wanted)
  if (bad.length > 0 || wanted.some((pod) => !pod.ready)) return bad
  return outdated(spec, wanted)
    .slice(-1)
    .map(({ uid }) => uid)
}

/** at most one, the highest, and only when no other one is going, and the new template has not failed */
function broken(spec: OrderedSpec, wanted: readonly OrderedPod[]): string[] {
  if (wanted.some((pod) => pod.terminating) || isUnproved(wanted)) return []
  return outdated(spec, wanted)
    .filter((pod) => !pod.ready)
    .slice(-1)
    .map(({ uid }) => uid)
}

function outdated({ update, partition }: OrderedSpec, wanted: readonly OrderedPod[]): OrderedPod[] {
  return wanted.filter((pod) => update === 'RollingUpdate' && pod.ordinal >= partition && !pod.current)
}

function byOrdinal(pods: readonly RolloutPod[]): OrderedPod[] {
  return pods
    .flatMap((pod) => (pod.ordinal === null ? [] : [{ ...pod, ordinal: pod.ordinal }]))
    .sort((a, b) => a.ordinal - b.ordinal)
}
