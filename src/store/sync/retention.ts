import { firstIdAt } from '../../platform/index.ts'
import type { Db } from '../connect.ts'

const BATCH = 500

/** Deletes at most a batch of the passes from before this time. */
export async function deleteOldPasses(db: Db, before: Date): Promise<number> {
  const old = db.selectFrom('passes').select('id').where('id', '<', firstIdAt(before)).orderBy('id').limit(BATCH)
  const result = await db.deleteFrom('passes').where('id', 'in', old.forUpdate().skipLocked()).executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Edit requests that ended; their texts stay in the revisions. */
export async function deleteOldEdits(db: Db, before: Date): Promise<number> {
  const old = db
    .selectFrom('editRequests')
    .select('id')
    .where('id', '<', firstIdAt(before))
    .where('endedAt', '<', before)
    .orderBy('id')
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('editRequests').where('id', 'in', old).executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Questions that were answered, or that came to nothing. */
export async function deleteOldWithheld(db: Db, before: Date): Promise<number> {
  const old = db
    .selectFrom('withheld')
    .select('id')
    .where('id', '<', firstIdAt(before))
    .where('endedAt', '<', before)
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('withheld').where('id', 'in', old).executeTakeFirst()
  return Number(result.numDeletedRows)
}
