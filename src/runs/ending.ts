import { type Fact, isAutomatic } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import { notify, type Store, suspensionOf } from '../store/index.ts'
import {
  abandonedRuns,
  insertStop,
  lockRun,
  overdueRuns,
  type RunRecord,
  type Tx,
  updateRun
} from '../store/runs/write.ts'
import { mergeFact } from './merge.ts'
import { announce, loadState, save } from './merging.ts'

/** An agent that has not renewed for so long is taken for lost, and its run for over, in ms. */
const ABANDONED_MS = 900_000

export interface StopOrder {
  project: string
  run: string
  user: string
  reason: string
}

/** Asks the agent to stop and recover; a run that no agent has taken yet ends at once. */
export async function stopRun(store: Store, order: StopOrder, now: Date): Promise<void> {
  await store.db.transaction().execute(async (tx) => {
    const run = await lockRun(tx, order.run)
    if (run === undefined || run.projectId !== order.project) throw unknownRun(order.run)
    if (run.endedAt !== null) return
    await stopOne(tx, run, { user: order.user, reason: order.reason, now })
  })
}

/** Asks for the stop; a run that no agent has taken yet ends at once. The caller has locked it. */
export async function stopOne(
  tx: Tx,
  run: RunRecord,
  { user, reason, now }: { user: string; reason: string; now: Date }
): Promise<void> {
  await insertStop(tx, { runId: run.id, askedBy: user, reason, askedAt: now })
  if (run.leaseNumber === 0) await endHere(tx, run, { phase: 'stopped', reason: `stopped by ${user}: ${reason}`, now })
  else await updateRun(tx, run.id, { phase: 'stopping' })
  await notify(tx, 'task', run.infrastructureId)
  await announce(tx, run)
}

/** Ends the runs whose agent is gone for good. Whether their harm has ended nobody can say from here: leaked. */
export async function endAbandoned(store: Store, now: Date): Promise<void> {
  for (const id of await abandonedRuns(store.db, new Date(now.getTime() - ABANDONED_MS))) {
    await store.db.transaction().execute(async (tx) => {
      const run = await lockRun(tx, id)
      if (run === undefined || run.endedAt !== null) return
      await endHere(tx, run, { phase: 'error', reason: 'agent lost: it has not answered for 15 minutes', now })
      if (run.phase !== 'waiting') await updateRun(tx, id, { recovery: 'leaked' })
      await announce(tx, run)
    })
  }
}

/** Scheduled runs that no agent has taken in time: they do not all begin when one comes back. */
export async function skipOverdue(store: Store, now: Date): Promise<void> {
  for (const id of await overdueRuns(store.db, now, 100)) {
    await store.db.transaction().execute(async (tx) => {
      const run = await lockRun(tx, id)
      if (run !== undefined && run.endedAt === null && run.leaseNumber === 0) await skipOutdated(tx, run, now)
    })
  }
}

/** An automatic run that no agent has begun yet is not begun any more when it was suspended meanwhile, or comes too late. */
export async function skipOutdated(tx: Tx, run: RunRecord, now: Date): Promise<boolean> {
  const reason = await whyNotAnyMore(tx, run, now)
  if (reason === null) return false
  await endHere(tx, run, { phase: 'skipped', reason, now })
  await announce(tx, run)
  return true
}

async function whyNotAnyMore(tx: Tx, { cause, definitionId }: RunRecord, now: Date): Promise<string | null> {
  if (!isAutomatic(cause)) return null
  if (cause.kind === 'schedule' && new Date(cause.startBy) < now) return 'No agent has taken it in time.'
  const suspended = await suspensionOf(tx, definitionId)
  return suspended === null ? null : `Automatic runs are suspended: ${suspended}`
}

async function endHere(
  tx: Tx,
  run: RunRecord,
  end: { phase: 'stopped' | 'error' | 'skipped'; reason: string; now: Date }
): Promise<void> {
  const before = await loadState(tx, run)
  const fact: Fact = {
    type: 'run-phase',
    phase: end.phase,
    reason: end.reason,
    seq: run.mergedSeq,
    at: end.now.toISOString()
  }
  await save(tx, run, { before, after: mergeFact(before, fact), mergedSeq: run.mergedSeq })
}

export function unknownRun(id: string): AppError {
  return new AppError({ code: 'runs/unknown-run', kind: 'missing', message: `There is no run ${id} in this project.` })
}
