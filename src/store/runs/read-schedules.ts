import { type Selectable, sql } from 'kysely'
import type { Db } from '../connect.ts'
import type { RunRequestTable, ScheduleTable } from '../schema.ts'

export type ScheduleRow = Selectable<ScheduleTable>

export async function findSchedule(db: Db, definitionId: string): Promise<ScheduleRow | undefined> {
  return db.selectFrom('schedules').selectAll().where('definitionId', '=', definitionId).executeTakeFirst()
}

export async function schedulesOf(db: Db, definitionIds: readonly string[]): Promise<ScheduleRow[]> {
  if (definitionIds.length === 0) return []
  return db.selectFrom('schedules').selectAll().where('definitionId', 'in', definitionIds).execute()
}

/** Those of a project that start next, the earliest first. */
export async function startingNext(
  db: Db,
  projectId: string,
  limit: number
): Promise<(ScheduleRow & { workflow: string })[]> {
  return db
    .selectFrom('schedules')
    .innerJoin('definitions', 'definitions.id', 'schedules.definitionId')
    .selectAll('schedules')
    .select('definitions.name as workflow')
    .where('schedules.projectId', '=', projectId)
    .where('nextAt', 'is not', null)
    .where('rules', 'is not', null)
    .orderBy('nextAt')
    .limit(limit)
    .execute()
}

/** Schedules of a project by which nothing starts until a person activates them. */
export async function countPaused(db: Db, projectId: string): Promise<number> {
  const { count } = await db
    .selectFrom('schedules')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('projectId', '=', projectId)
    .where('state', '=', 'paused')
    .where('rules', 'is not', null)
    .executeTakeFirstOrThrow()
  return count
}

export type ScheduledRequest = Pick<
  Selectable<RunRequestTable>,
  'id' | 'cause' | 'state' | 'reason' | 'runId' | 'createdAt'
>

/** What the schedule has started, and what it has not, newest first. */
export async function scheduledRequests(db: Db, definitionId: string, limit: number): Promise<ScheduledRequest[]> {
  return db
    .selectFrom('runRequests')
    .select(['id', 'cause', 'state', 'reason', 'runId', 'createdAt'])
    .where('definitionId', '=', definitionId)
    .where(sql<boolean>`cause ->> 'kind' = 'schedule'`)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** When the next start of any schedule is due; null = none is to come. */
export async function nextStart(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('schedules')
    .select((eb) => eb.fn.min('nextAt').as('next'))
    .executeTakeFirst()
  return row?.next ?? null
}
