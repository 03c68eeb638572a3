import type { ProbeMode, Recovery, RunPhase, StepPhase, Verdict } from './words.ts'

/**
 * What an agent reports of a run: immutable, numbered from 1 per run by `seq`, merged by `runs` in that order.
 * `at` is ISO 8601 in the agent's time.
 */
export type Fact = { seq: number; at: string } & FactBody

export type FactBody =
  | { type: 'run-phase'; phase: RunPhase; reason: string | null }
  | { type: 'log'; step: string | null; attempt?: number; level: 'info' | 'warn' | 'error'; text: string }
  | (OfStep & { type: 'step-phase'; phase: StepPhase; reason: string | null })
  | (OfStep & { type: 'targets'; round: number; targets: readonly FactTarget[] })
  | (OfStep & { type: 'injection'; injection: string; target: string; stage: InjectionStage; evidence: string })
  | (OfStep & {
      type: 'probe-check'
      probe: string
      mode: ProbeMode
      passed: boolean
      ms: number
      evidence: string
    })
  | (OfStep & {
      type: 'probe-result'
      probe: string
      mode: ProbeMode
      verdict: Verdict
      checks: number
      failed: number
      evidence: string
    })
  | (OfStep & {
      type: 'fault-result'
      verdict: Verdict
      probeSuccess: number | null
      recovery: Recovery
      weight: number
      evidence: string
    })

export interface OfStep {
  step: string
  /** of a step that is tried again: 2 and more; absent: the first */
  attempt?: number
}

export interface FactTarget {
  name: string
  uid: string
  node?: string
}

/** undo record written → harm applied → its effect seen → recovering → proved to be over (drifted: not as before), or not. */
export type InjectionStage =
  | 'prepared'
  | 'applied'
  | 'effect-proved'
  | 'no-effect-seen'
  | 'recovering'
  | 'recovered'
  | 'drifted'
  | 'leaked'
