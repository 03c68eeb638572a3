import type { KillSwitch, RunRequest, RunStep, RunSummary, WorkloadChange } from '../contract/index.ts'
import { changesBetween } from '../domain/index.ts'
import type { DecisionRow, KillSwitchRow, ListedChange, ListedRun, RunRequestRow, StepRow } from '../store/index.ts'

/** Rows as the API shows them: times as ISO 8601, no column that is not meant for clients. */

export function runSummary(run: ListedRun): RunSummary {
  const { id, workflow, revision, commit, cause, phase, verdict, recovery, score, reason } = run
  return {
    id,
    workflow,
    revision,
    commit,
    infrastructure: { id: run.infrastructureId, name: run.infrastructureName },
    cause,
    phase,
    verdict,
    recovery,
    score,
    reason,
    createdAt: run.createdAt.toISOString(),
    startedAt: iso(run.startedAt),
    endedAt: iso(run.endedAt)
  }
}

export function runStep(row: StepRow): RunStep {
  const { step, name, phase, verdict, recovery, weight, probeSuccess, reason } = row
  return {
    step,
    name,
    phase,
    verdict,
    recovery,
    weight,
    probeSuccess,
    reason,
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt)
  }
}

export function runRequest(row: RunRequestRow): RunRequest {
  const { id, workflow, state, reason, cause } = row
  return { id, workflow, state, reason, cause, run: row.runId, createdAt: row.createdAt.toISOString() }
}

/** of one change, that are shown */
const MOST_FIELDS = 50

export function workloadChange(change: ListedChange): WorkloadChange {
  const { id, kind, namespace, name, state } = change
  return {
    id,
    infrastructure: { id: change.infrastructureId, name: change.infrastructureName },
    kind,
    namespace,
    name,
    state,
    changes: changesBetween(change.before, change.after).slice(0, MOST_FIELDS),
    createdAt: change.createdAt.toISOString(),
    decidedAt: iso(change.decidedAt),
    decisions: change.decisions.map(decisionView)
  }
}

export function decisionView({ id, policy, workflow, outcome, reason, runId, createdAt }: DecisionRow) {
  return { id, policy, workflow, outcome, reason, run: runId, createdAt: createdAt.toISOString() }
}

export function iso(time: Date | null): string | null {
  return time === null ? null : time.toISOString()
}

export function killSwitchView(row: KillSwitchRow | null): KillSwitch['engaged'] {
  return row === null ? null : { reason: row.reason, by: row.engagedBy, at: row.engagedAt.toISOString() }
}
