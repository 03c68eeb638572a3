import { sql } from 'kysely'
import { firstIdAt } from '../../platform/index.ts'
import type { Db } from '../connect.ts'

const BATCH = 500

/** Deletes at most a batch of the decided changes that were seen before this time, with their decisions. */
export async function deleteOldChanges(db: Db, before: Date): Promise<number> {
  const old = db
    .selectFrom('workloadChanges')
    .select('id')
    .where('id', '<', firstIdAt(before))
    .where('state', '=', 'decided')
    .orderBy('id')
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('workloadChanges').where('id', 'in', old).executeTakeFirst()
  return Number(result.numDeletedRows)
}

/**
 * Deletes at most a batch of the observations from before this time whose workload has gone: another one has its name
 * by now. The last observation of a workload that may still be there is what its next one is compared with: it stays,
 * however old.
 */
export async function deleteOldObservations(db: Db, before: Date): Promise<number> {
  const successor = sql<boolean>`exists (
    select 1 from observations later
    where later.infrastructure_id = observations.infrastructure_id and later.uid <> observations.uid
      and later.received_at > observations.received_at
      and later.body ->> 'kind' = observations.body ->> 'kind'
      and later.body ->> 'namespace' = observations.body ->> 'namespace'
      and later.body ->> 'name' = observations.body ->> 'name')`
  const old = db
    .selectFrom('observations')
    .select(sql`ctid`.as('place'))
    .where('receivedAt', '<', before)
    .where('comparedAt', 'is not', null)
    .where(successor)
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('observations').where(sql`ctid`, 'in', old).executeTakeFirst()
  return Number(result.numDeletedRows)
}
