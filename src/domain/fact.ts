import type { ProbeMode, Recovery, RunPhase, StepPhase, Verdict } from './words.ts'

/**
 * What an agent reports of a run: immutable, numbered from 1 per run by `seq`, merged by `runs` in that order.
 * `at` is ISO 8601 in the agent's time.
 */
export type Fact = { seq: number; at: string } & FactBody

export type FactBody =
  | { type: 'run-phase'; phase: RunPhase; reason: string | null }
  | {
      type: 'step-phase'
      step: string
      phase: StepPhase
      reason: string | null
    }
  | {
      type: 'log'
      step: string | null
      level: 'info' | 'warn' | 'error'
      text: string
    }
  | {
      type: 'targets'
      step: string
      round: number
      targets: readonly FactTarget[]
    }
  | {
      type: 'injection'
      step: string
      injection: string
      target: string
      stage: InjectionStage
      evidence: string
    }
  | {
      type: 'probe-check'
      step: string
      probe: string
      mode: ProbeMode
      passed: boolean
      ms: number
      evidence: string
    }
  | {
      type: 'probe-result'
      step: string
      probe: string
      mode: ProbeMode
      verdict: Verdict
      checks: number
      failed: number
      evidence: string
    }
  | {
      type: 'fault-result'
      step: string
      verdict: Verdict
      probeSuccess: number | null
      recovery: Recovery
      weight: number
      evidence: string
    }

export interface FactTarget {
  name: string
  uid: string
  node?: string
}

/** undo record written → harm applied → its effect seen → recovering → proved to be as before, or not. */
export type InjectionStage =
  | 'prepared'
  | 'applied'
  | 'effect-proved'
  | 'no-effect-seen'
  | 'recovering'
  | 'recovered'
  | 'leaked'
