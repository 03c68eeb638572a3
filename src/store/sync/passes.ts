import type { Insertable, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Db, Tx } from '../connect.ts'
import type { PassItem, PassTable } from '../schema.ts'

export type NewPass = Insertable<PassTable>
export type PassRow = Selectable<PassTable>
/** `counts`: how many of its items did what */
export type PassSummary = Omit<PassRow, 'items'> & { counts: { [A in PassItem['action']]?: number } }

const KEPT_PASSES = 500

export async function insertPass(tx: Db, pass: NewPass): Promise<void> {
  await tx.insertInto('passes').values(pass).execute()
  const oldest = await tx
    .selectFrom('passes')
    .select('id')
    .where('projectId', '=', pass.projectId)
    .orderBy('id', 'desc')
    .offset(KEPT_PASSES)
    .limit(1)
    .executeTakeFirst()
  if (oldest !== undefined)
    await tx.deleteFrom('passes').where('projectId', '=', pass.projectId).where('id', '<=', oldest.id).execute()
}

/**
 * The branch went on and nothing of the project changed. One row for all such passes in a row: a busy repository, where
 * most pushes are about something else, does not push out what did something.
 */
export async function noteNothing(
  tx: Tx,
  pass: Pick<PassRow, 'id' | 'projectId' | 'fromCommit' | 'tip'> & { at: Date }
): Promise<void> {
  const { at, ...columns } = pass
  const last = await tx
    .selectFrom('passes')
    .select(['id', 'outcome'])
    .where('projectId', '=', pass.projectId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last?.outcome === 'nothing') {
    await tx.updateTable('passes').set({ endedAt: at, tip: pass.tip }).where('id', '=', last.id).execute()
    return
  }
  const rest = { startedAt: at, endedAt: at, outcome: 'nothing', code: null, message: null, items: '[]' } as const
  await insertPass(tx, { ...columns, ...rest })
}

/** Newest first, without what each did in particular. */
export async function listPasses(
  db: Db,
  projectId: string,
  page: { limit: number; before?: string; outcome?: PassRow['outcome'] }
): Promise<PassSummary[]> {
  const { limit, before, outcome } = page
  return db
    .selectFrom('passes')
    .select(['id', 'projectId', 'startedAt', 'endedAt', 'outcome', 'fromCommit', 'tip', 'code', 'message'])
    .select(
      sql<PassSummary['counts']>`coalesce((
        select jsonb_object_agg(action, number) from (
          select item ->> 'action' as action, count(*) as number from jsonb_array_elements(items) item group by 1
        ) counted), '{}')`.as('counts')
    )
    .where('projectId', '=', projectId)
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome ?? 'changed'))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export async function itemsOfPass(db: Db, projectId: string, id: string): Promise<PassItem[] | undefined> {
  const row = await db
    .selectFrom('passes')
    .select('items')
    .where('projectId', '=', projectId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.items
}
