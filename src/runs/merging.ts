import type { Fact } from '../domain/index.ts'
import { type Db, factsAfter, notify, type Store, stepsOf } from '../store/index.ts'
import {
  lockRun,
  type RunRecord,
  releaseWaiting,
  runsToMerge,
  type Tx,
  updateRun,
  updateStep
} from '../store/runs/write.ts'
import { mergeFact, type RunState, type StepState } from './merge.ts'

const BATCH = 500

/** Merges what agents reported into every run that has news. */
export async function mergeAll(store: Store, signal: AbortSignal): Promise<void> {
  for (const id of await runsToMerge(store.db, 100)) {
    if (signal.aborted) return
    await store.db.transaction().execute((tx) => mergeRun(tx, id))
  }
}

async function mergeRun(tx: Tx, id: string): Promise<void> {
  const row = await lockRun(tx, id)
  if (row === undefined || row.endedAt !== null) return
  const facts = contiguous(await factsAfter(tx, { runId: id, after: row.mergedSeq, limit: BATCH }), row.mergedSeq)
  const last = facts.at(-1)
  if (last === undefined) return
  const before = await loadState(tx, row)
  const after = facts.reduce(mergeFact, before)
  await save(tx, row, { before, after, mergedSeq: last.seq })
  // its place at the agent is free
  const waits = after.phase === 'waiting' && before.phase !== 'waiting'
  if (waits || after.endedAt !== null) await notify(tx, 'task', row.infrastructureId)
  await announce(tx, row)
}

/** Runs that waited for another one to end, and may begin now. */
export async function letWaitingGo(store: Store): Promise<void> {
  for (const run of await releaseWaiting(store.db)) {
    await notify(store.db, 'task', run.infrastructureId)
    await announce(store.db, run)
  }
}

/** Facts up to the first gap: what is missing comes again from the agent. */
function contiguous(facts: readonly Fact[], mergedSeq: number): Fact[] {
  let expected = mergedSeq + 1
  const ready: Fact[] = []
  for (const fact of facts) {
    if (fact.seq !== expected) break
    ready.push(fact)
    expected += 1
  }
  return ready
}

export async function loadState(tx: Tx, row: RunRecord): Promise<RunState> {
  const steps = new Map<string, StepState>((await stepsOf(tx, row.id)).map((step) => [step.step, step]))
  return { ...row, steps }
}

export async function save(
  tx: Tx,
  row: RunRecord,
  { before, after, mergedSeq }: { before: RunState; after: RunState; mergedSeq: number }
): Promise<void> {
  const { phase, verdict, recovery, score, reason, startedAt, endedAt } = after
  await updateRun(tx, row.id, { phase, verdict, recovery, score, reason, startedAt, endedAt, mergedSeq })
  for (const [step, state] of after.steps) {
    if (state === before.steps.get(step)) continue
    await updateStep(
      tx,
      { runId: row.id, step },
      {
        phase: state.phase,
        verdict: state.verdict,
        recovery: state.recovery,
        weight: state.weight,
        probeSuccess: state.probeSuccess,
        reason: state.reason,
        startedAt: state.startedAt,
        endedAt: state.endedAt
      }
    )
  }
}

export async function announce(tx: Db, run: { projectId: string; id: string }): Promise<void> {
  await notify(tx, 'stream', JSON.stringify({ project: run.projectId, topic: 'run', id: run.id }))
  await notify(tx, 'stream', JSON.stringify({ project: run.projectId, topic: 'runs', id: null }))
}
