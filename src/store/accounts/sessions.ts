import type { Insertable, Selectable } from 'kysely'
import type { Db } from '../connect.ts'
import type { SessionTable, UserTable } from '../schema.ts'

export type SessionRow = Selectable<SessionTable> &
  Pick<Selectable<UserTable>, 'login' | 'name' | 'email' | 'mustChangePassword' | 'isAdmin'>

/** Inserts it, and forgets all that have expired. */
export async function insertSession(db: Db, session: Insertable<SessionTable>, now: Date): Promise<void> {
  await db.deleteFrom('sessions').where('expiresAt', '<=', now).execute()
  await db.insertInto('sessions').values(session).execute()
}

export async function findSession(db: Db, tokenHash: string, now: Date): Promise<SessionRow | undefined> {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .selectAll('sessions')
    .select(['users.login', 'users.name', 'users.email', 'users.mustChangePassword', 'users.isAdmin'])
    .where('tokenHash', '=', tokenHash)
    .where('expiresAt', '>', now)
    .where('users.deactivatedAt', 'is', null)
    .executeTakeFirst()
}

export async function extendSession(db: Db, tokenHash: string, expiresAt: Date): Promise<void> {
  await db.updateTable('sessions').set({ expiresAt }).where('tokenHash', '=', tokenHash).execute()
}

export async function deleteSession(db: Db, tokenHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('tokenHash', '=', tokenHash).execute()
}

/** All of the user's sessions, but the one to keep. */
export async function deleteSessionsOf(db: Db, userId: string, keep: string | null): Promise<void> {
  let query = db.deleteFrom('sessions').where('userId', '=', userId)
  if (keep !== null) query = query.where('tokenHash', '!=', keep)
  await query.execute()
}
