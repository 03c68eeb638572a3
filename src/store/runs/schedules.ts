import { type Insertable, type Selectable, sql } from 'kysely'
import { type Cause, SCHEDULED_KINDS } from '../../domain/index.ts'
import { newId } from '../../platform/index.ts'
import type { Db, Tx } from '../connect.ts'
import type { RevisionTable, RunTable, ScheduleTable } from '../schema.ts'
import { lockFor } from '../transaction.ts'

/** Definitions whose schedule is not that of their text any more, or that have none yet, or no right to one. */
export async function changedSchedules(db: Db, limit: number): Promise<string[]> {
  const outdated = await db
    .selectFrom('definitions')
    .leftJoin('schedules', 'schedules.definitionId', 'definitions.id')
    .select('definitions.id')
    .where(scheduled())
    .where((eb) =>
      eb.or([eb('schedules.definitionId', 'is', null), eb('schedules.revision', '!=', eb.ref('definitions.revision'))])
    )
    .limit(limit)
    .execute()
  const orphans = await db
    .selectFrom('schedules')
    .innerJoin('definitions', 'definitions.id', 'schedules.definitionId')
    .select('definitions.id')
    .where((eb) => eb.not(scheduled()))
    .limit(limit)
    .execute()
  return [...outdated, ...orphans].map(({ id }) => id)
}

/** Schedules whose time has come, the earliest first. */
export async function dueSchedules(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('schedules')
    .select('definitionId')
    .where('nextAt', '<=', now)
    .orderBy('nextAt')
    .limit(limit)
    .execute()
  return rows.map(({ definitionId }) => definitionId)
}

export interface ScheduledDefinition {
  id: string
  projectId: string
  name: string
  path: string
  revision: number
  text: string
  origin: RevisionTable['origin']
}

/** Undefined: it is deleted, or of a kind that says nothing of its starts. Until the transaction ends it is the caller's. */
export async function takeScheduled(tx: Tx, definitionId: string): Promise<ScheduledDefinition | undefined> {
  await lockFor(tx, 'schedule', definitionId)
  return tx
    .selectFrom('definitions')
    .innerJoin('revisions', (join) =>
      join.onRef('revisions.definitionId', '=', 'definitions.id').onRef('revisions.number', '=', 'definitions.revision')
    )
    .select(['definitions.id', 'definitions.projectId', 'definitions.name', 'definitions.path', 'definitions.revision'])
    .select(['revisions.text', 'revisions.origin'])
    .where('definitions.id', '=', definitionId)
    .where(scheduled())
    .executeTakeFirst()
}

export async function saveSchedule(tx: Tx, row: Insertable<ScheduleTable>): Promise<void> {
  const { definitionId: _key, ...columns } = row
  await tx
    .insertInto('schedules')
    .values(row)
    .onConflict((conflict) => conflict.column('definitionId').doUpdateSet(columns))
    .execute()
}

export async function deleteSchedule(tx: Tx, definitionId: string): Promise<void> {
  await tx.deleteFrom('schedules').where('definitionId', '=', definitionId).execute()
}

/** A start that will not be: kept beside those that were asked for, with its reason. */
export async function noteNoStart(
  tx: Tx,
  start: { projectId: string; definitionId: string; cause: Cause; dedupeKey: string; reason: string; now: Date }
): Promise<void> {
  const { now, cause, ...columns } = start
  const ended = { state: 'dropped', createdAt: now, endedAt: now } as const
  const request = { id: newId(now), revision: null, parameters: '{}', infrastructureId: null, runId: null }
  await tx
    .insertInto('runRequests')
    .values({ ...request, ...columns, ...ended, cause: JSON.stringify(cause), automatic: true })
    .onConflict((conflict) => conflict.column('dedupeKey').doNothing())
    .execute()
}

/** Runs that the definition's schedule has started and that have not ended. */
export async function scheduledRuns(tx: Tx, definitionId: string): Promise<Selectable<RunTable>[]> {
  return tx
    .selectFrom('runs')
    .selectAll()
    .where('definitionId', '=', definitionId)
    .where('endedAt', 'is', null)
    .where(sql<boolean>`cause ->> 'kind' = 'schedule'`)
    .orderBy('id')
    .execute()
}

/** Lets go the runs that waited for an earlier one of their schedule to end; answers where they are to run. */
export async function releaseWaiting(db: Db): Promise<{ id: string; projectId: string; infrastructureId: string }[]> {
  return db
    .updateTable('runs')
    .set({ phase: 'queued', reason: null })
    .where('phase', '=', 'waiting')
    .where('leaseNumber', '=', 0)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('runs as earlier')
            .select('earlier.id')
            .whereRef('earlier.definitionId', '=', 'runs.definitionId')
            .whereRef('earlier.id', '<', 'runs.id')
            .where('earlier.endedAt', 'is', null)
            .where(sql<boolean>`earlier.cause ->> 'kind' = 'schedule'`)
        )
      )
    )
    .returning(['id', 'projectId', 'infrastructureId'])
    .execute()
}

/** Scheduled runs that no agent has taken while they might still begin. */
export async function overdueRuns(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where('endedAt', 'is', null)
    .where('leaseNumber', '=', 0)
    .where(sql<boolean>`cause ->> 'kind' = 'schedule' and (cause ->> 'startBy')::timestamptz < ${now}`)
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

function scheduled() {
  return sql<boolean>`(definitions.deleted_at is null and definitions.kind in (${sql.join(SCHEDULED_KINDS)}))`
}
