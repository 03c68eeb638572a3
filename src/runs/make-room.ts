import { findSchedule } from '../store/index.ts'
import { lockRun, type QueuedRequest, scheduledRuns, type Tx } from '../store/runs/write.ts'
import { stopOne } from './ending.ts'

/**
 * Why the schedule does not start this one now; null = it may, or it was no schedule that asked. The caller holds the
 * project's admission, so that no other start comes between.
 */
export async function whyNotNow(tx: Tx, { cause, definitionId }: QueuedRequest): Promise<string | null> {
  if (cause.kind !== 'schedule') return null
  const schedule = await findSchedule(tx, definitionId)
  if (schedule === undefined || schedule.rules === null) return 'It has no schedule any more.'
  const { rules, state, changedBy, changedAt } = schedule
  const pausedSince = state === 'paused' && changedAt !== null && changedAt.toISOString() > cause.at
  if (pausedSince && rules.schedule.kind !== 'on-activation') return `The schedule was paused by ${changedBy}.`
  if (rules.held !== null) return `The file keeps it from starting: ${rules.held}.`
  if (rules.concurrency !== 'Forbid') return null
  const [running] = await scheduledRuns(tx, definitionId)
  return running === undefined
    ? null
    : `The run that the schedule started before has not ended (${running.id}), and concurrencyPolicy is Forbid.`
}

/** With Replace the runs before are stopped; answers those that are still recovering, which the new one waits for. */
export async function makeRoom(tx: Tx, { cause, definitionId }: QueuedRequest, now: Date): Promise<readonly string[]> {
  if (cause.kind !== 'schedule') return []
  const schedule = await findSchedule(tx, definitionId)
  if (schedule?.rules?.concurrency !== 'Replace') return []
  const ending: string[] = []
  for (const { id } of await scheduledRuns(tx, definitionId)) {
    const run = await lockRun(tx, id)
    if (run === undefined || run.endedAt !== null) continue
    await stopOne(tx, run, { user: 'its schedule', reason: 'replaced by the next start', now })
    if (run.leaseNumber > 0) ending.push(id)
  }
  return ending
}
