import { sql } from 'kysely'
import type { Db } from '../connect.ts'
import type { RevisionRow } from './read.ts'

/** The last ones that git has had, oldest first: of commits, and edits that arrived there. */
export async function revisionsInGit(
  db: Db,
  definitionId: string,
  { below, limit }: { below: number; limit: number }
): Promise<RevisionRow[]> {
  const rows = await db
    .selectFrom('revisions')
    .selectAll()
    .where('definitionId', '=', definitionId)
    .where('number', '<', below)
    .where((eb) => eb.or([eb('origin', '=', 'git'), eb('commit', 'is not', null)]))
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
  return rows.reverse()
}

export type Overwriting = Pick<RevisionRow, 'number' | 'author' | 'commit' | 'createdAt'>

/** Those of some numbers. */
export async function overwritings(db: Db, definitionId: string, numbers: readonly number[]): Promise<Overwriting[]> {
  if (numbers.length === 0) return []
  return db
    .selectFrom('revisions')
    .select(['number', 'author', 'commit', 'createdAt'])
    .where('definitionId', '=', definitionId)
    .where('number', 'in', [...numbers])
    .execute()
}

/** The last edit that was rewritten in git, while none of the portal has arrived there after that. */
export async function overwrittenEdit(
  db: Db,
  definitionId: string
): Promise<Pick<RevisionRow, 'number' | 'author' | 'message' | 'overwrittenBy'> | undefined> {
  const lastEdit = db
    .selectFrom('revisions as edit')
    .select(sql<number>`coalesce(max(edit.number), 0)`.as('number'))
    .where('edit.definitionId', '=', definitionId)
    .where('edit.origin', '=', 'portal')
    .where('edit.commit', 'is not', null)
  return db
    .selectFrom('revisions')
    .select(['number', 'author', 'message', 'overwrittenBy'])
    .where('definitionId', '=', definitionId)
    .where('overwrittenBy', '>', lastEdit)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}
