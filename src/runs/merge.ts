import {
  type Fact,
  type FaultResult,
  isFinal,
  type Recovery,
  type RunPhase,
  resilienceScore,
  runVerdict,
  type StepPhase,
  type Verdict
} from '../domain/index.ts'

/** The part of a run that facts decide. */
export interface RunState {
  phase: RunPhase
  verdict: Verdict
  recovery: Recovery | null
  score: number | null
  reason: string | null
  startedAt: Date | null
  endedAt: Date | null
  steps: ReadonlyMap<string, StepState>
}

export interface StepState {
  phase: StepPhase
  verdict: Verdict
  recovery: Recovery | null
  weight: number | null
  probeSuccess: number | null
  reason: string | null
  startedAt: Date | null
  endedAt: Date | null
}

/**
 * One fact merged into a run. Pure. A final phase is never left: late facts of a step or run that has ended change
 * nothing. Score and verdict are those of the faults so far; they are final when the run is.
 */
export function mergeFact(run: RunState, fact: Fact): RunState {
  if (isFinal(run.phase)) return run
  switch (fact.type) {
    case 'run-phase':
      return endRun(
        {
          ...run,
          phase: runPhase(run.phase, fact.phase),
          reason: fact.reason ?? run.reason,
          startedAt: run.startedAt ?? new Date(fact.at)
        },
        fact.at
      )
    case 'step-phase':
      return withStep(run, fact.step, (step) => stepPhase(step, fact.phase, fact))
    case 'fault-result':
      return judged(
        withStep(run, fact.step, (step) => ({
          ...step,
          verdict: fact.verdict,
          recovery: fact.recovery,
          weight: fact.weight,
          probeSuccess: fact.probeSuccess,
          reason: fact.verdict === 'pass' ? step.reason : fact.evidence
        }))
      )
    default:
      return run
  }
}

/** What was told before the agent heard of a stop does not take the stop back. */
function runPhase(now: RunPhase, told: RunPhase): RunPhase {
  return now === 'stopping' && (told === 'running' || told === 'waiting') ? now : told
}

function endRun(run: RunState, at: string): RunState {
  if (!isFinal(run.phase)) return run
  const endedAt = new Date(at)
  const steps = new Map(
    [...run.steps].map(([id, step]) => [id, isFinal(step.phase) ? step : closed(step, run.phase, endedAt)])
  )
  const verdict = run.phase === 'completed' || run.verdict === 'fail' ? run.verdict : unfinishedVerdict(run)
  const score = sawItsEnd(run) ? run.score : null
  return { ...run, steps, score, verdict: verdict === 'awaited' ? 'not-applicable' : verdict, endedAt }
}

/** A score is of the whole workflow: that of the faults alone that came to their end would praise what was never seen. */
function sawItsEnd({ phase, steps }: RunState): boolean {
  return (
    phase === 'completed' && ![...steps.values()].some((step) => step.verdict === 'error' && step.probeSuccess === null)
  )
}

/** A run that did not complete passes nothing: what was not seen to the end is an error, a stop judges nothing. */
function unfinishedVerdict(run: RunState): Verdict {
  return run.phase === 'stopped' || run.phase === 'skipped' ? 'not-applicable' : 'error'
}

function closed(step: StepState, phase: RunPhase, endedAt: Date): StepState {
  const ended: StepPhase =
    step.phase === 'queued' ? 'skipped' : phase === 'completed' ? 'completed' : (phase as StepPhase)
  return { ...step, phase: ended, verdict: step.verdict === 'awaited' ? 'not-applicable' : step.verdict, endedAt }
}

function stepPhase(step: StepState, phase: StepPhase, fact: { at: string; reason: string | null }): StepState {
  if (isFinal(step.phase)) return step
  const at = new Date(fact.at)
  return {
    ...step,
    phase,
    reason: fact.reason ?? step.reason,
    startedAt: step.startedAt ?? (phase === 'skipped' ? null : at),
    endedAt: isFinal(phase) ? at : null
  }
}

function withStep(run: RunState, id: string, change: (step: StepState) => StepState): RunState {
  const step = run.steps.get(id)
  if (step === undefined) return run
  return { ...run, steps: new Map([...run.steps, [id, change(step)]]) }
}

function judged(run: RunState): RunState {
  const faults: FaultResult[] = []
  for (const { weight, probeSuccess, verdict } of run.steps.values()) {
    if (weight !== null) faults.push({ weight, probeSuccess, verdict })
  }
  return {
    ...run,
    score: resilienceScore(faults),
    verdict: runVerdict(faults.map((fault) => fault.verdict)),
    recovery: worst([...run.steps.values()].map((step) => step.recovery))
  }
}

function worst(recoveries: readonly (Recovery | null)[]): Recovery | null {
  for (const recovery of ['leaked', 'drifted', 'clean'] as const) if (recoveries.includes(recovery)) return recovery
  return null
}
