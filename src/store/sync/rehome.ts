import { sql } from 'kysely'
import type { Db } from '../connect.ts'

/** To another path, with what waits for it: its id, revisions and runs stay. */
export async function moveDefinition(
  tx: Db,
  { id, path }: { id: string; path: string },
  { project, to }: { project: string; to: string }
): Promise<void> {
  await tx.updateTable('definitions').set({ path: to }).where('id', '=', id).execute()
  await moveEdits(tx, project, { from: path, to })
}

/** Edit requests of one path that have not ended; a file that they rename keeps its folder, whichever that is now. */
export async function moveEdits(tx: Db, projectId: string, { from, to }: { from: string; to: string }): Promise<void> {
  await tx
    .updateTable('editRequests')
    .set({
      path: to,
      newPath: sql<string | null>`${to.slice(0, to.lastIndexOf('/') + 1)}::text || regexp_replace(new_path, '^.*/', '')`
    })
    .where('projectId', '=', projectId)
    .where('path', '=', from)
    .where('state', 'in', ['open', 'conflict'])
    .execute()
}

/** Deleted definitions outside a folder: restored, they would be where nobody looks. */
export async function deletedOutside(
  tx: Db,
  projectId: string,
  folder: string
): Promise<{ id: string; path: string; name: string }[]> {
  return tx
    .selectFrom('definitions')
    .select(['id', 'path', 'name'])
    .where('projectId', '=', projectId)
    .where('deletedAt', 'is not', null)
    .where(sql<boolean>`not starts_with(path, ${`${folder}/`})`)
    .execute()
}

/** What the edit is made from in another repository; why it waited for the one before counts no more. */
export async function rebaseEdit(tx: Db, id: string, baseBlob: string | null): Promise<void> {
  await tx.updateTable('editRequests').set({ baseBlob, reason: null }).where('id', '=', id).execute()
}

/** All live definitions that are in git; their names. */
export async function deleteInGit(tx: Db, projectId: string, now: Date): Promise<string[]> {
  const rows = await tx
    .updateTable('definitions')
    .set({ deletedAt: now, updatedAt: now })
    .where('projectId', '=', projectId)
    .where('deletedAt', 'is', null)
    .where('gitBlob', 'is not', null)
    .returning('name')
    .execute()
  return rows.map(({ name }) => name)
}

/** Those that were deleted at this moment are back, but where name or path is another one's by now; their names. */
export async function undeleteAt(tx: Db, projectId: string, { at, now }: { at: Date; now: Date }): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    update definitions gone set deleted_at = null, updated_at = ${now}
    where project_id = ${projectId} and deleted_at = ${at} and not exists (
      select from definitions live
      where live.project_id = gone.project_id and live.deleted_at is null
        and (live.path = gone.path or live.name = gone.name))
    returning name`.execute(tx)
  return rows.map(({ name }) => name)
}
