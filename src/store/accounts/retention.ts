import { firstIdAt } from '../../platform/index.ts'
import type { Db } from '../connect.ts'

const BATCH = 500

/** Deletes at most a batch of the lines from before this time. */
export async function deleteOldAudit(db: Db, before: Date): Promise<number> {
  const old = db.selectFrom('audit').select('id').where('id', '<', firstIdAt(before)).orderBy('id').limit(BATCH)
  const result = await db.deleteFrom('audit').where('id', 'in', old.forUpdate().skipLocked()).executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Sessions that ended before this time. */
export async function deleteEndedSessions(db: Db, before: Date): Promise<number> {
  const ended = db.selectFrom('sessions').select('tokenHash').where('expiresAt', '<=', before).limit(BATCH)
  const result = await db
    .deleteFrom('sessions')
    .where('tokenHash', 'in', ended.forUpdate().skipLocked())
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Invitations whose link stopped working before this time. */
export async function deleteEndedInvitations(db: Db, before: Date): Promise<number> {
  const ended = db.selectFrom('invitations').select('id').where('expiresAt', '<=', before).limit(BATCH)
  const result = await db.deleteFrom('invitations').where('id', 'in', ended.forUpdate().skipLocked()).executeTakeFirst()
  return Number(result.numDeletedRows)
}
