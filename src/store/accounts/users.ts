import type { Insertable, Selectable } from 'kysely'
import type { Db, Tx } from '../connect.ts'
import type { UserTable } from '../schema.ts'
import { lockFor, transaction } from '../transaction.ts'
import { makeOwner, ownedAlone } from './members.ts'
import { deleteSessionsOf } from './sessions.ts'
import { deleteApiTokensOf } from './tokens.ts'

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

export type Standing = Pick<UserRow, 'isAdmin' | 'deactivatedAt'>

export interface StandingOrder {
  login: string
  change: Partial<Standing>
  /** becomes an owner of the projects that would be left without one; null: then nothing changes */
  successorId: string | null
}

export type StandingChange =
  /** `inherited`: the projects that the successor became an owner of */
  | { kind: 'done'; before: UserRow; after: UserRow; inherited: string[] }
  | { kind: 'missing' }
  | { kind: 'last-admin' }
  | { kind: 'only-owner'; projects: string[] }

/**
 * Makes a user admin or not, active or not. Sessions and API tokens of a deactivated one end with it. The server keeps
 * an admin who may sign in, and each project an owner who may, whoever changes what at the same time.
 */
export function changeStanding(db: Db, { login, change, successorId }: StandingOrder): Promise<StandingChange> {
  return transaction(db, async (tx) => {
    await lockFor(tx, 'users', 'admins')
    const before = await tx.selectFrom('users').selectAll().where('login', '=', login).executeTakeFirst()
    if (before === undefined) return { kind: 'missing' }
    const after = { ...before, ...change }
    if (governs(before) && !governs(after) && !(await hasOtherAdmin(tx, before.id))) return { kind: 'last-admin' }
    const leaves = before.deactivatedAt === null && after.deactivatedAt !== null
    const inherited = leaves ? await ownedAlone(tx, before.id) : []
    const heir = inherited.length === 0 || successorId === null ? undefined : await findUser(tx, { id: successorId })
    if (inherited.length > 0 && heir?.deactivatedAt !== null) return { kind: 'only-owner', projects: inherited }
    for (const projectId of inherited) await makeOwner(tx, projectId, successorId ?? '')
    const { isAdmin, deactivatedAt } = after
    await tx.updateTable('users').set({ isAdmin, deactivatedAt }).where('id', '=', before.id).execute()
    if (deactivatedAt !== null) {
      await deleteSessionsOf(tx, before.id, null)
      await deleteApiTokensOf(tx, before.id)
    }
    return { kind: 'done', before, after, inherited }
  })
}

function governs({ isAdmin, deactivatedAt }: Standing): boolean {
  return isAdmin && deactivatedAt === null
}

async function hasOtherAdmin(tx: Tx, userId: string): Promise<boolean> {
  const other = await tx
    .selectFrom('users')
    .select('id')
    .where('isAdmin', '=', true)
    .where('deactivatedAt', 'is', null)
    .where('id', '!=', userId)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}
