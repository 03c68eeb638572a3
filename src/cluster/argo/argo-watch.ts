import { ENGINE_WORKFLOW, RUN_LABEL } from '../../domain/index.ts'
import type { AppError, Clock, Logger } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { KindWatch } from '../watch/kind-watch.ts'
import { collectionPath } from '../workload/workload-kinds.ts'
import { CHAOS_ENGINES, CHAOS_RESULTS, WORKFLOWS } from './argo-kinds.ts'
import { type SeenEngine, type SeenResult, seenEngine, seenResult } from './seen-chaos.ts'
import { type SeenWorkflow, seenWorkflow } from './seen-workflow.ts'

export interface ArgoWatchOptions {
  client: KubeClient
  /** where the Workflows are */
  namespace: string
  /** the only namespace that the agent may look at; null = all */
  scope: string | null
  clock: Clock
  log: Logger
}

/** The Workflows of runs in one namespace, and the ChaosEngines and ChaosResults of the agent's scope, as they are now. */
export class ArgoWatch {
  readonly #workflows: KindWatch<SeenWorkflow>
  readonly #engines: KindWatch<SeenEngine>
  readonly #results: KindWatch<SeenResult>
  readonly #listeners = new Set<() => void>()

  constructor({ client, namespace, scope, clock, log }: ArgoWatchOptions) {
    const common = { client, clock, log, onChange: () => this.#tell() }
    this.#workflows = new KindWatch({
      ...common,
      path: collectionPath(WORKFLOWS, namespace),
      labels: RUN_LABEL,
      project: seenWorkflow
    })
    this.#engines = new KindWatch({
      ...common,
      path: collectionPath(CHAOS_ENGINES, scope),
      labels: ENGINE_WORKFLOW,
      project: seenEngine
    })
    this.#results = new KindWatch({ ...common, path: collectionPath(CHAOS_RESULTS, scope), project: seenResult })
  }

  start(): void {
    for (const watch of this.#all) watch.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map((watch) => watch.stop()))
  }

  /** `tell` is called after each change; answers how to end that */
  onChange(tell: () => void): () => void {
    this.#listeners.add(tell)
    return () => void this.#listeners.delete(tell)
  }

  workflow(name: string): SeenWorkflow | undefined {
    return this.#workflows.objects().find((workflow) => workflow.name === name)
  }

  enginesOf(workflow: string): SeenEngine[] {
    return this.#engines.objects().filter((engine) => engine.workflow === workflow)
  }

  results(): SeenResult[] {
    return this.#results.objects()
  }

  /** what is known is all that there is, of Litmus' kinds where there are faults alone */
  listed(faults: boolean): boolean {
    return this.#asked(faults).every((watch) => watch.listed)
  }

  /** why it is blind; null = it is not */
  problem(faults: boolean): AppError | null {
    return this.#asked(faults).find(({ problem }) => problem !== null)?.problem ?? null
  }

  #asked(faults: boolean) {
    return faults ? this.#all : [this.#workflows]
  }

  get #all() {
    return [this.#workflows, this.#engines, this.#results]
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

/** One watch for all runs that need it; it ends with the last of them. */
export class SharedArgoWatch {
  readonly #options: Omit<ArgoWatchOptions, 'namespace'>
  readonly #open = new Map<string, { watch: ArgoWatch; users: number }>()

  constructor(options: Omit<ArgoWatchOptions, 'namespace'>) {
    this.#options = options
  }

  /** with what gives it back */
  take(namespace: string): { watch: ArgoWatch; release: () => Promise<void> } {
    const known = this.#open.get(namespace)
    const entry = known ?? { watch: new ArgoWatch({ ...this.#options, namespace }), users: 0 }
    if (known === undefined) entry.watch.start()
    this.#open.set(namespace, entry)
    entry.users += 1
    const release = async () => {
      entry.users -= 1
      if (entry.users > 0) return
      this.#open.delete(namespace)
      await entry.watch.stop()
    }
    return { watch: entry.watch, release }
  }
}
