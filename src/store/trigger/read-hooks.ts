import type { Selectable } from 'kysely'
import type { Db } from '../connect.ts'
import type { HookEventTable, HookTable } from '../schema.ts'

export type HookRow = Selectable<HookTable>
export type ListedHook = HookRow & { infrastructureName: string | null }
export type HookEventRow = Selectable<HookEventTable> & {
  runId: string | null
  requestState: string | null
  requestReason: string | null
}

/** Of one project, by name; there are at most 50. */
export async function listHooks(db: Db, projectId: string): Promise<ListedHook[]> {
  return selectHooks(db).where('hooks.projectId', '=', projectId).orderBy('hooks.name').execute()
}

export async function findHook(db: Db, projectId: string, id: string): Promise<ListedHook | undefined> {
  return selectHooks(db).where('hooks.projectId', '=', projectId).where('hooks.id', '=', id).executeTakeFirst()
}

/** What was decided about each call, newest first. */
export async function listHookEvents(
  db: Db,
  hookId: string,
  { before, limit }: { before: string | undefined; limit: number }
): Promise<HookEventRow[]> {
  const query = db
    .selectFrom('hookEvents')
    .leftJoin('runRequests', 'runRequests.id', 'hookEvents.runRequestId')
    .selectAll('hookEvents')
    .select(['runRequests.runId', 'runRequests.state as requestState', 'runRequests.reason as requestReason'])
    .where('hookEvents.hookId', '=', hookId)
    .orderBy('hookEvents.id', 'desc')
    .limit(limit)
  return (before === undefined ? query : query.where('hookEvents.id', '<', before)).execute()
}

function selectHooks(db: Db) {
  return db
    .selectFrom('hooks')
    .leftJoin('infrastructures', 'infrastructures.id', 'hooks.infrastructureId')
    .selectAll('hooks')
    .select('infrastructures.name as infrastructureName')
}
