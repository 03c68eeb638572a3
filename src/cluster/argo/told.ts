import type { FactBody, InjectionStage, Recovery, RunPhase, StepPhase, Verdict } from '../../domain/index.ts'

/** What the facts of a run have said so far: whoever goes on with it says only what is new. */
export interface Told {
  /** null: nothing yet, so it was not given to Argo */
  run: RunPhase | null
  steps: ReadonlyMap<string, { phase: StepPhase; reason: string | null }>
  /** how the fault of a step was judged */
  judged: ReadonlyMap<string, Judged>
  /** ChaosEngines that were seen, by uid */
  engines: ReadonlyMap<string, ToldEngine>
}

export interface Judged {
  verdict: Verdict
  recovery: Recovery
  evidence: string
}

export interface ToldEngine {
  step: string
  /** `namespace/name` */
  target: string
  stage: InjectionStage
}

export function toldBy(facts: readonly FactBody[]): Told {
  let run: RunPhase | null = null
  const steps = new Map<string, { phase: StepPhase; reason: string | null }>()
  const judged = new Map<string, Judged>()
  const engines = new Map<string, ToldEngine>()
  for (const fact of facts) {
    if (fact.type === 'run-phase') run = fact.phase
    else if (fact.type === 'step-phase') steps.set(fact.step, { phase: fact.phase, reason: fact.reason })
    else if (fact.type === 'fault-result') judged.set(fact.step, fact)
    else if (fact.type === 'injection') {
      const { step, target, stage } = fact
      engines.set(fact.injection, { step, target, stage })
    }
  }
  return { run, steps, judged, engines }
}
