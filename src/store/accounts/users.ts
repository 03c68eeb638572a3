import type { Insertable, Selectable } from 'kysely'
import type { Db } from '../connect.ts'
import type { UserTable } from '../schema.ts'

export type UserRow = Selectable<UserTable>

export async function hasUsers(db: Db): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
}

export async function findUser(db: Db, by: { login: string } | { id: string }): Promise<UserRow | undefined> {
  const query = db.selectFrom('users').selectAll()
  return ('login' in by ? query.where('login', '=', by.login) : query.where('id', '=', by.id)).executeTakeFirst()
}

/** False when the login is taken. */
export async function insertUser(db: Db, user: Insertable<UserTable>): Promise<boolean> {
  const inserted = await db
    .insertInto('users')
    .values(user)
    .onConflict((conflict) => conflict.column('login').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function setPassword(
  db: Db,
  userId: string,
  change: { passwordHash: string; mustChangePassword: boolean }
): Promise<void> {
  await db.updateTable('users').set(change).where('id', '=', userId).execute()
}
