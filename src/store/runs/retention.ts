import { sql } from 'kysely'
import { firstIdAt } from '../../platform/index.ts'
import type { Db } from '../connect.ts'

/** Each takes its facts along, thousands of rows perhaps: few in one transaction. */
const RUNS = 10
const REQUESTS = 500

/**
 * Deletes at most a batch of the runs that ended before this time, but the last `kept` of their workflow, with all that
 * belongs to them. Answers how many; 0: none is left.
 */
export async function deleteOldRuns(db: Db, { before, kept }: { before: Date; kept: number }): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const newer = sql`(select 1 from runs newer where newer.definition_id = runs.definition_id and newer.id > runs.id
      order by newer.id offset ${Math.max(0, kept - 1)} limit 1)`
    const old = await tx
      .selectFrom('runs')
      .select('id')
      .where('id', '<', firstIdAt(before))
      .where('endedAt', '<', before)
      .$if(kept > 0, (query) => query.where(sql<boolean>`exists ${newer}`))
      .orderBy('id')
      .limit(RUNS)
      .forUpdate()
      .skipLocked()
      .execute()
    if (old.length === 0) return 0
    const ids = old.map(({ id }) => id)
    await tx.deleteFrom('runRequests').where('runId', 'in', ids).execute()
    await tx.deleteFrom('runs').where('id', 'in', ids).execute()
    return ids.length
  })
}

/** Requests that never became a run. */
export async function deleteOldRequests(db: Db, before: Date): Promise<number> {
  const old = db
    .selectFrom('runRequests')
    .select('id')
    .where('id', '<', firstIdAt(before))
    .where('state', 'in', ['refused', 'dropped'])
    .orderBy('id')
    .limit(REQUESTS)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('runRequests').where('id', 'in', old).executeTakeFirst()
  return Number(result.numDeletedRows)
}
