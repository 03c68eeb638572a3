import { type Insertable, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../connect.ts'
import type { HookEventTable, HookTable } from '../schema.ts'
import type { HookRow } from './read-hooks.ts'

/** of each hook; older ones are forgotten, but those that the limit still counts */
const EVENTS_KEPT = 500

export async function hookById(db: Db, id: string): Promise<HookRow | undefined> {
  return db.selectFrom('hooks').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Held until the transaction ends: calls of one hook are decided one after the other. */
export async function holdHook(tx: Tx, id: string): Promise<HookRow | undefined> {
  return tx.selectFrom('hooks').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Held until the transaction ends, so that two who add a hook to a project count one after the other. */
export async function countHooks(tx: Tx, projectId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext('hooks'), hashtext(${projectId}))`.execute(tx)
  const row = await tx
    .selectFrom('hooks')
    .select(sql<string>`count(*)`.as('count'))
    .where('projectId', '=', projectId)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** False: the project has one of this name. */
export async function insertHook(tx: Tx, hook: Insertable<HookTable>): Promise<boolean> {
  const inserted = await tx
    .insertInto('hooks')
    .values(hook)
    .onConflict((conflict) => conflict.columns(['projectId', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function updateHook(db: Db, id: string, change: Updateable<HookTable>): Promise<void> {
  await db.updateTable('hooks').set(change).where('id', '=', id).execute()
}

export async function hookNamed(db: Db, projectId: string, name: string): Promise<HookRow | undefined> {
  const hooks = db.selectFrom('hooks').selectAll()
  return hooks.where('projectId', '=', projectId).where('name', '=', name).executeTakeFirst()
}

export async function deleteHook(db: Db, projectId: string, id: string): Promise<boolean> {
  const query = db.deleteFrom('hooks').where('projectId', '=', projectId).where('id', '=', id)
  return (await query.executeTakeFirst()).numDeletedRows > 0n
}

/** Not noted where one was since then: calls that know no secret come from anybody. */
export async function refuseHookCall(
  db: Db,
  id: string,
  { refusal, now, unlessSince }: { refusal: string; now: Date; unlessSince: Date }
): Promise<void> {
  await db
    .updateTable('hooks')
    .set({ refusal, refusedAt: now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('refusedAt', 'is', null), eb('refusedAt', '<', unlessSince)]))
    .execute()
}

/** When each run was asked for by this hook since then, oldest first. */
export async function hookTriggered(tx: Tx, id: string, since: Date): Promise<Date[]> {
  const rows = await tx
    .selectFrom('hookEvents')
    .select('createdAt')
    .where('hookId', '=', id)
    .where('outcome', '=', 'triggered')
    .where('createdAt', '>', since)
    .orderBy('createdAt')
    .execute()
  return rows.map(({ createdAt }) => createdAt)
}

/** The request that this key has made already. */
export async function requestOfKey(tx: Tx, dedupeKey: string): Promise<string | undefined> {
  const row = await tx.selectFrom('runRequests').select('id').where('dedupeKey', '=', dedupeKey).executeTakeFirst()
  return row?.id
}

/** Keeps what was decided, and forgets the oldest; `countedSince`: younger runs count for the limit, and stay. */
export async function keepHookEvent(
  tx: Tx,
  event: Insertable<HookEventTable>,
  { countedSince }: { countedSince: Date }
): Promise<void> {
  await tx.insertInto('hookEvents').values(event).execute()
  const oldest = tx
    .selectFrom('hookEvents')
    .select('id')
    .where('hookId', '=', event.hookId)
    .orderBy('id', 'desc')
    .offset(EVENTS_KEPT)
  await tx
    .deleteFrom('hookEvents')
    .where('id', 'in', oldest)
    .where((eb) => eb.or([eb('outcome', '!=', 'triggered'), eb('createdAt', '<', countedSince)]))
    .execute()
}

/** Every hook with a sealed key; locked one by one by whoever seals them anew. */
export async function sealedHooks(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('hooks').select('id').where('secretSealed', 'is not', null).orderBy('id').execute()
  return rows.map(({ id }) => id)
}
