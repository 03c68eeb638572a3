import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { FactBody, Guardrails } from '../../domain/index.ts'
import type { Db, Tx } from '../connect.ts'
import { notify } from '../notify.ts'
import type { ApprovalTable, RunRequestTable, RunTable, StepTable } from '../schema.ts'

export type { Tx } from '../connect.ts'

export * from './kill-switch.ts'
export { deleteOldRequests, deleteOldRuns } from './retention.ts'
export * from './schedules.ts'

export type QueuedRequest = Selectable<RunRequestTable>
export type RunRecord = Selectable<RunTable>

/** A queued request, locked for the caller's transaction; other servers skip it. */
export async function takeQueuedRequest(tx: Tx): Promise<QueuedRequest | undefined> {
  return tx
    .selectFrom('runRequests')
    .selectAll()
    .where('state', '=', 'queued')
    .orderBy('createdAt')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

export async function endRequest(
  tx: Db,
  id: string,
  end: {
    state: 'admitted' | 'refused' | 'dropped'
    reason: string | null
    runId: string | null
    revision: number | null
    now: Date
  }
): Promise<void> {
  const { now, ...columns } = end
  await tx
    .updateTable('runRequests')
    .set({ ...columns, endedAt: now })
    .where('id', '=', id)
    .execute()
}

export async function insertRun(tx: Db, run: Insertable<RunTable>, steps: Insertable<StepTable>[]): Promise<void> {
  await tx.insertInto('runs').values(run).execute()
  if (steps.length > 0) await tx.insertInto('steps').values(steps).execute()
  await notify(tx, 'task', run.infrastructureId)
}

/** The run, locked until the caller's transaction ends. */
export async function lockRun(tx: Tx, id: string): Promise<RunRecord | undefined> {
  return tx.selectFrom('runs').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function updateRun(tx: Db, id: string, change: Updateable<RunTable>): Promise<void> {
  await tx.updateTable('runs').set(change).where('id', '=', id).execute()
}

export async function updateStep(
  tx: Db,
  key: { runId: string; step: string },
  change: Updateable<StepTable>
): Promise<void> {
  await tx.updateTable('steps').set(change).where('runId', '=', key.runId).where('step', '=', key.step).execute()
}

/** Runs that have facts beyond what was merged. */
export async function runsToMerge(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('runs')
    .select('runs.id')
    .where('runs.endedAt', 'is', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('facts')
          .select(sql`1`.as('one'))
          .whereRef('facts.runId', '=', 'runs.id')
          .whereRef('facts.seq', '>', 'runs.mergedSeq')
      )
    )
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

export interface LeaseQuery {
  infrastructureId: string
  /** runs that the agent says it has in hand */
  holding: readonly string[]
  now: Date
  leaseMs: number
  /** a lease handed out this long ago without any fact never reached the agent */
  unheardMs: number
  /** expired leases may be taken away */
  mayTakeOver: boolean
}

/** Leases the oldest run that is free: never leased, its lease expired, or its task lost on the way to the agent. */
export async function leaseNext(tx: Tx, query: LeaseQuery): Promise<RunRecord | undefined> {
  const { now, leaseMs, unheardMs } = query
  const unheardSince = new Date(now.getTime() + leaseMs - unheardMs)
  const free = await tx
    .selectFrom('runs')
    .selectAll()
    .where('infrastructureId', '=', query.infrastructureId)
    .where('endedAt', 'is', null)
    // it waits for another run to end
    .where((eb) => eb.or([eb('phase', '!=', 'waiting'), eb('leaseNumber', '>', 0)]))
    .$if(query.holding.length > 0, (q) => q.where('id', 'not in', query.holding))
    .where((eb) =>
      eb.or([
        eb('leasedUntil', 'is', null),
        eb.and([
          eb('mergedSeq', '=', 0),
          eb('leasedUntil', '<', unheardSince),
          eb.not(eb.exists(eb.selectFrom('facts').select('seq').whereRef('facts.runId', '=', 'runs.id')))
        ]),
        ...(query.mayTakeOver ? [eb('leasedUntil', '<', now)] : [])
      ])
    )
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (free === undefined) return undefined
  const lease = { leaseNumber: free.leaseNumber + 1, leasedUntil: new Date(now.getTime() + leaseMs) }
  await tx.updateTable('runs').set(lease).where('id', '=', free.id).execute()
  return { ...free, ...lease }
}

/** The highest fact of the run that is stored, merged or not. */
export async function lastStoredFact(tx: Tx, runId: string): Promise<number> {
  const row = await tx
    .selectFrom('facts')
    .select((eb) => eb.fn.max('seq').as('last'))
    .where('runId', '=', runId)
    .executeTakeFirst()
  return row?.last ?? 0
}

const MOST_TOLD = 20_000

/** What was told of a run, without its log: whoever goes on with it goes on from there. */
export async function toldOf(tx: Tx, runId: string): Promise<FactBody[]> {
  const rows = await tx
    .selectFrom('facts')
    .select('body')
    .where('runId', '=', runId)
    .where(sql`body ->> 'type'`, '!=', 'log')
    .orderBy('seq')
    .limit(MOST_TOLD)
    .execute()
  return rows.map(({ body }) => body)
}

/** Whether the lease was renewed; false: it is another's, or the run is over. An expired one that nobody took is renewed. */
export async function renewLease(
  db: Db,
  lease: { infrastructureId: string; runId: string; number: number; until: Date }
): Promise<boolean> {
  const result = await db
    .updateTable('runs')
    .set({ leasedUntil: lease.until })
    .where('id', '=', lease.runId)
    .where('infrastructureId', '=', lease.infrastructureId)
    .where('leaseNumber', '=', lease.number)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Runs whose agent has not renewed since `before`. */
export async function abandonedRuns(db: Db, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where('endedAt', 'is', null)
    .where('leasedUntil', '<', before)
    .execute()
  return rows.map((row) => row.id)
}

/** Stops asked of runs that this infrastructure has in hand. */
export async function stopsFor(
  db: Db,
  infrastructureId: string,
  runs: readonly string[]
): Promise<{ runId: string; reason: string }[]> {
  if (runs.length === 0) return []
  return db
    .selectFrom('stops')
    .innerJoin('runs', 'runs.id', 'stops.runId')
    .select(['stops.runId', 'stops.reason'])
    .where('runs.infrastructureId', '=', infrastructureId)
    .where('runs.id', 'in', runs)
    .where('runs.endedAt', 'is', null)
    .execute()
}

export async function insertStop(
  tx: Db,
  stop: { runId: string; askedBy: string; reason: string; askedAt: Date }
): Promise<void> {
  await tx
    .insertInto('stops')
    .values(stop)
    .onConflict((conflict) => conflict.column('runId').doNothing())
    .execute()
}

/** False: the step has one already. */
export async function insertApproval(tx: Db, row: Insertable<ApprovalTable>): Promise<boolean> {
  const result = await tx
    .insertInto('approvals')
    .values(row)
    .onConflict((conflict) => conflict.columns(['runId', 'step']).doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Runs of this infrastructure with a step that still waits although a person has decided. */
export async function decidedRuns(db: Db, infrastructureId: string, runs: readonly string[]): Promise<string[]> {
  if (runs.length === 0) return []
  const rows = await db
    .selectFrom('approvals')
    .innerJoin('runs', 'runs.id', 'approvals.runId')
    .innerJoin('steps', (join) =>
      join.onRef('steps.runId', '=', 'approvals.runId').onRef('steps.step', '=', 'approvals.step')
    )
    .select('approvals.runId')
    .distinct()
    .where('runs.infrastructureId', '=', infrastructureId)
    .where('runs.id', 'in', runs)
    .where('runs.endedAt', 'is', null)
    .where('steps.phase', '=', 'waiting')
    .execute()
  return rows.map(({ runId }) => runId)
}

/** How many of these runs go on and do not wait for a person. */
export async function workingRuns(db: Db, infrastructureId: string, runs: readonly string[]): Promise<number> {
  if (runs.length === 0) return 0
  const row = await db
    .selectFrom('runs')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('infrastructureId', '=', infrastructureId)
    .where('id', 'in', runs)
    .where('endedAt', 'is', null)
    .where('phase', '!=', 'waiting')
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function saveGuardrails(db: Db, projectId: string, guardrails: Guardrails, now: Date): Promise<void> {
  const values = { guardrails: JSON.stringify(guardrails), updatedAt: now }
  await db
    .insertInto('guardrails')
    .values({ projectId, ...values })
    .onConflict((conflict) => conflict.column('projectId').doUpdateSet(values))
    .execute()
}
