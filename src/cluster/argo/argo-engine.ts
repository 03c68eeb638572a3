import type { RunEngine } from '../../engine/index.ts'
import type { Clock, Logger } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'
import { ArgoCalls, workflowName } from './argo-calls.ts'
import { ArgoRun } from './argo-run.ts'
import { SharedArgoWatch } from './argo-watch.ts'

export interface ArgoEngineOptions {
  client: KubeClient
  /** the only namespace that the agent may look at; null = all */
  scope: string | null
  clock: Clock
  log: Logger
}

/** Runs whose plan is for Argo Workflows: given to it, followed, stopped with their ChaosEngines. It has no journal. */
export function createArgoEngine({ client, scope, clock, log }: ArgoEngineOptions): Pick<RunEngine, 'run'> {
  const watches = new SharedArgoWatch({ client, scope, clock, log })
  return {
    run: async (task, context) => {
      const { run, plan } = task
      if (plan.argo === undefined) throw new Error(`run ${run} is not for Argo`)
      const name = workflowName(plan.workflow, run)
      const { watch, release } = watches.take(plan.argo.namespace)
      try {
        const calls = new ArgoCalls(client, { run, name, argo: plan.argo }, clock)
        return await new ArgoRun({ calls, watch, name, scope, clock, log }, task, context).execute()
      } finally {
        await release()
      }
    }
  }
}
