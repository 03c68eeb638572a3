import type { Approval, FactBody, RunGuardrails, RunPhase, RunPlan } from '../domain/index.ts'

export interface EngineTask {
  run: string
  plan: RunPlan
  guardrails: RunGuardrails
  /** what was told of it before this engine took it: some engines go on from there */
  told: readonly FactBody[]
}

/** Numbers and keeps a fact of a run; returns at once. */
export type Emit = (fact: FactBody) => void

export interface RunContext {
  /** abort it with a `StopReason`: the harm ends at once, recovery follows, then `run` resolves */
  signal: AbortSignal
  emit: Emit
  /** absent: nobody can be asked, and only a deadline or a stop ends the wait */
  approvals?: Approvals
}

/** What people say to the steps that wait for them. */
export interface Approvals {
  /** null: the signal was aborted before */
  wait(step: string, signal: AbortSignal): Promise<Approval | null>
}

/**
 * Why a run ends early: someone asked (`stop`), the agent ends (`shutdown`), the plan's deadline passed (`deadline`),
 * the server is away or gave the run to another (`lease-lost`).
 */
export interface StopReason {
  kind: 'stop' | 'shutdown' | 'deadline' | 'lease-lost'
  text: string
}

export interface RunEngine {
  /** Executes the plan, tells all by facts, returns the run's final phase. Never rejects; always recovers first. */
  run(task: EngineTask, context: RunContext): Promise<RunPhase>
  /**
   * Undoes what the journal holds of injections that are not under way (left by a crash, or leaked before), proves it,
   * and tells it as facts of their runs. What cannot be proved stays in the journal for the next call.
   */
  reap(emitFor: (run: string) => Emit): Promise<ReapResult>
}

export interface ReapResult {
  recovered: number
  leaked: number
}

/** The reason given to `abort`, whatever it was. */
export function stopReasonOf(signal: AbortSignal): StopReason {
  const reason: unknown = signal.reason
  if (isStopReason(reason)) return reason
  return { kind: 'stop', text: reason instanceof Error ? reason.message : String(reason) }
}

function isStopReason(value: unknown): value is StopReason {
  return typeof value === 'object' && value !== null && 'kind' in value && 'text' in value
}
