import { type Kysely, type Selectable, sql } from 'kysely'
import type { Database, RunRequestTable, ScheduleTable } from '../schema.ts'

export type ScheduleRow = Selectable<ScheduleTable>

export async function findSchedule(db: Kysely<Database>, definitionId: string): Promise<ScheduleRow | undefined> {
  return db.selectFrom('schedules').selectAll().where('definitionId', '=', definitionId).executeTakeFirst()
}

/** Of the whole project; each belongs to a live definition. */
export async function listSchedules(db: Kysely<Database>, projectId: string): Promise<ScheduleRow[]> {
  return db.selectFrom('schedules').selectAll().where('projectId', '=', projectId).execute()
}

export type ScheduledRequest = Pick<
  Selectable<RunRequestTable>,
  'id' | 'cause' | 'state' | 'reason' | 'runId' | 'createdAt'
>

/** What the schedule has started, and what it has not, newest first. */
export async function scheduledRequests(
  db: Kysely<Database>,
  definitionId: string,
  limit: number
): Promise<ScheduledRequest[]> {
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
export async function nextStart(db: Kysely<Database>): Promise<Date | null> {
  const row = await db
    .selectFrom('schedules')
    .select((eb) => eb.fn.min('nextAt').as('next'))
    .executeTakeFirst()
  return row?.next ?? null
}
