import { type Aspects, textAt, type Writers, writersOf } from '../../domain/index.ts'
import type { Clock, Logger } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { KindWatch } from '../watch/kind-watch.ts'
import { type ClusterWorkload, PackedWorkload } from './packed-workload.ts'
import { rolloutOf } from './rollout.ts'
import { collectionPath, WORKLOAD_KINDS } from './workload-kinds.ts'

export interface WorkloadWatchOptions {
  client: KubeClient
  /** null = all */
  namespace: string | null
  /** what of an object is compared; called while parsing, the object is not kept */
  aspects: (object: unknown, paths: readonly string[]) => Aspects
  clock: Clock
  log: Logger
}

/** Deployments, StatefulSets and DaemonSets as they are now. */
export class WorkloadWatch {
  readonly #kinds: readonly KindWatch<ClusterWorkload>[]
  readonly #listeners = new Set<() => void>()
  #paths: readonly string[] = []

  constructor({ client, namespace, aspects, clock, log }: WorkloadWatchOptions) {
    this.#kinds = WORKLOAD_KINDS.map(
      (kind) =>
        new KindWatch({
          client,
          path: collectionPath(kind, namespace),
          project: (object) =>
            new PackedWorkload({
              ...identity(kind.kind, object),
              aspects: aspects(object, this.#paths),
              ...writtenBy(object, this.#paths)
            }),
          onChange: () => {
            for (const listener of this.#listeners) listener()
          },
          clock,
          log
        })
    )
  }

  /** `paths`: expressions whose values are asked for from the beginning */
  start(paths: readonly string[]): void {
    this.#paths = paths
    for (const kind of this.#kinds) kind.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#kinds.map((kind) => kind.stop()))
  }

  /** `paths`: expressions whose values are asked for; where they are others than before, the values come a moment later. */
  workloads(paths: readonly string[]): ClusterWorkload[] {
    if (paths.join('\n') !== this.#paths.join('\n')) {
      this.#paths = paths
      for (const kind of this.#kinds) kind.relist()
    }
    return this.#kinds.flatMap((kind) => kind.objects())
  }

  /** answers how to end it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

function writtenBy(object: unknown, paths: readonly string[]): { writers?: Writers } {
  const writers = writersOf(object, paths)
  return Object.keys(writers).length === 0 ? {} : { writers }
}

function identity(kind: string, object: unknown): Omit<ClusterWorkload, 'aspects' | 'writers'> {
  return {
    uid: textAt(object, 'metadata', 'uid') ?? '',
    kind,
    namespace: textAt(object, 'metadata', 'namespace') ?? '',
    name: textAt(object, 'metadata', 'name') ?? '',
    rollout: rolloutOf(kind, object)
  }
}
