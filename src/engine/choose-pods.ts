import type { TargetPod } from './target.ts'

/** Which of the ready pods are hit. */
export interface PodSelection {
  /** only pods of these names; empty = any */
  names: readonly string[]
  /** share of the pods, at least one; 0 = exactly one */
  percentage: number
}

/** A random choice; empty when no pod is ready (or none of the named ones). With names all of them are meant. */
export function choosePods(pods: readonly TargetPod[], selection: PodSelection, random: () => number): TargetPod[] {
  const ready = pods.filter((pod) => pod.ready)
  if (selection.names.length > 0) return ready.filter((pod) => selection.names.includes(pod.name))
  return chooseShare(ready, selection.percentage, random)
}

/** A random share, at least one where there is any; 0 % = exactly one. */
export function chooseShare<T>(items: readonly T[], percentage: number, random: () => number): T[] {
  const count = Math.max(1, Math.floor((percentage * items.length) / 100))
  return shuffled(items, random).slice(0, count)
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
