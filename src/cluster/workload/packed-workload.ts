import type { Aspects, Observation, Writers } from '../../domain/index.ts'

/** What is kept of a workload that is watched. */
export type ClusterWorkload = Omit<Observation, 'number' | 'at' | 'run'>

/**
 * A workload of which many are kept, and few are looked at: its aspects are one text, which takes half the memory
 * of the maps that are in it.
 */
export class PackedWorkload implements ClusterWorkload {
  readonly uid: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly rollout: ClusterWorkload['rollout']
  readonly writers?: Writers
  readonly #aspects: string

  constructor({ uid, kind, namespace, name, rollout, aspects, writers }: ClusterWorkload) {
    this.uid = uid
    this.kind = kind
    this.namespace = namespace
    this.name = name
    this.rollout = rollout
    if (writers !== undefined) this.writers = writers
    this.#aspects = JSON.stringify(aspects)
  }

  get aspects(): Aspects {
    return JSON.parse(this.#aspects) as Aspects
  }
}
