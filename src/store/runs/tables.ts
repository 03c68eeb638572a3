import type { ApprovalOutcome, Cause, Fact, Guardrails, RunPlan, ScheduleRules, StepPhase } from '../../domain/index.ts'
import type { Json, NullableJson, NullableTime, Time } from '../columns.ts'

/* runs */

export interface RunRequestTable {
  id: string
  projectId: string
  definitionId: string
  /** null = the definition's last good revision at admission */
  revision: number | null
  parameters: Json<Record<string, string>>
  infrastructureId: string | null
  cause: Json<Cause>
  /** at most one request for each key, whatever is repeated or restarted */
  dedupeKey: string
  automatic: boolean
  state: 'queued' | 'admitted' | 'refused' | 'dropped'
  reason: string | null
  runId: string | null
  createdAt: Time
  endedAt: NullableTime
}

export interface RunTable {
  id: string
  projectId: string
  definitionId: string
  workflow: string
  revision: number
  commit: string | null
  infrastructureId: string
  plan: Json<RunPlan>
  cause: Json<Cause>
  phase:
    | 'queued'
    | 'waiting'
    | 'running'
    | 'stopping'
    | 'recovering'
    | 'completed'
    | 'stopped'
    | 'error'
    | 'timeout'
    | 'skipped'
  verdict: 'pass' | 'fail' | 'awaited' | 'error' | 'not-applicable'
  recovery: 'clean' | 'drifted' | 'leaked' | null
  score: number | null
  reason: string | null
  /** grows with each lease; facts of an older lease are refused */
  leaseNumber: number
  leasedUntil: NullableTime
  /** highest fact merged */
  mergedSeq: number
  createdAt: Time
  startedAt: NullableTime
  endedAt: NullableTime
}

export interface StepTable {
  runId: string
  step: string
  name: string
  position: number
  phase: StepPhase
  verdict: 'pass' | 'fail' | 'awaited' | 'error' | 'not-applicable'
  recovery: 'clean' | 'drifted' | 'leaked' | null
  weight: number | null
  probeSuccess: number | null
  reason: string | null
  startedAt: NullableTime
  endedAt: NullableTime
}

export interface FactTable {
  runId: string
  seq: number
  lease: number
  body: Json<Fact>
  receivedAt: Time
}

export interface StopTable {
  runId: string
  askedBy: string
  reason: string
  askedAt: Time
}

/** What a person said to a step that waits; once, and for good. */
export interface ApprovalTable {
  runId: string
  step: string
  outcome: ApprovalOutcome
  /** login */
  decidedBy: string
  reason: string | null
  decidedAt: Time
}

export interface GuardrailTable {
  projectId: string
  guardrails: Json<Guardrails>
  updatedAt: Time
}

/** While it is on; released, its row is gone. */
export interface KillSwitchTable {
  projectId: string
  reason: string
  engagedBy: string
  engagedAt: Time
}

/** One row while it is on: nothing runs in any project. */
export interface ServerKillSwitchTable {
  id: string
  reason: string
  engagedBy: string
  engagedAt: Time
}

/** When the clock starts a definition; there as long as the definition is live and of a kind that says when. */
export interface ScheduleTable {
  definitionId: string
  projectId: string
  /** whose text the rules are of */
  revision: number
  /** null: this release does not read the text any more */
  rules: NullableJson<ScheduleRules>
  state: 'paused' | 'active'
  /** who activated or paused it last; null = nobody has yet */
  changedBy: string | null
  changedAt: NullableTime
  /** the revision that was activated */
  activatedRevision: number | null
  /** the instant that was dealt with last */
  lastAt: NullableTime
  /** when a start is due; null = none is to come */
  nextAt: NullableTime
}
