import type { RunEngine } from './run-engine.ts'

/** Each run is executed by the engine that its plan is for; null: this agent reaches no Argo Workflows. */
export function engineByPlan(builtin: RunEngine, argo: Pick<RunEngine, 'run'> | null): RunEngine {
  return {
    run: async (task, context) => {
      if (task.plan.argo === undefined) return builtin.run(task, context)
      if (argo !== null) return argo.run(task, context)
      const reason = 'this run is for Argo Workflows, and its agent is on no cluster'
      context.emit({ type: 'run-phase', phase: 'error', reason })
      return 'error'
    },
    reap: (emitFor) => builtin.reap(emitFor)
  }
}
