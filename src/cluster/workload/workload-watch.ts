import { type Aspects, textAt, treesAt, type WatchedKind, type Writers, writersOf } from '../../domain/index.ts'
import type { Clock, Logger } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { KindWatch } from '../watch/kind-watch.ts'
import { type ClusterWorkload, PackedWorkload } from './packed-workload.ts'
import { rolloutOf } from './rollout.ts'
import { collectionPath, WORKLOAD_KINDS, type WorkloadKind } from './workload-kinds.ts'

export interface WorkloadWatchOptions {
  client: KubeClient
  /** null = all */
  namespace: string | null
  /** kinds beside Deployment, StatefulSet and DaemonSet */
  further: readonly WatchedKind[]
  /** what of an object is compared; called while parsing, the object is not kept */
  aspects: (object: unknown, paths: readonly string[], template: readonly string[] | null) => Aspects
  clock: Clock
  log: Logger
}

/** Deployments, StatefulSets, DaemonSets and whatever else is asked for, as they are now. */
export class WorkloadWatch {
  readonly #kinds: readonly KindWatch<ClusterWorkload | null>[]
  readonly #listeners = new Set<() => void>()
  #paths: readonly string[] = []

  constructor({ client, namespace, further, aspects, clock, log }: WorkloadWatchOptions) {
    const kinds = [...WORKLOAD_KINDS.map((kind) => ({ ...kind, template: null })), ...further.map(servedKind)]
    this.#kinds = kinds.map(
      (kind) =>
        new KindWatch({
          client,
          path: collectionPath(kind, namespace),
          project: (object) =>
            isMadeBySchedule(kind.kind, object)
              ? null
              : new PackedWorkload({
                  ...identity(kind.kind, object),
                  aspects: aspects(object, this.#paths, kind.template),
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
    return this.#kinds.flatMap((kind) => kind.objects().filter((object) => object !== null))
  }

  /** answers how to end it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

function servedKind({
  group,
  version,
  kind,
  plural,
  template
}: WatchedKind): WorkloadKind & Pick<WatchedKind, 'template'> {
  return { kind, api: `/apis/${group}/${version}`, plural, template }
}

/** A Job of a CronJob is no release: what people change is the CronJob. */
function isMadeBySchedule(kind: string, object: unknown): boolean {
  return kind === 'Job' && treesAt(object, 'metadata', 'ownerReferences').some((owner) => owner.kind === 'CronJob')
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
