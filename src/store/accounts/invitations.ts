import type { Insertable, Selectable } from 'kysely'
import type { Db } from '../connect.ts'
import type { InvitationTable } from '../schema.ts'
import { transaction } from '../transaction.ts'
import { insertUser } from './users.ts'

export type InvitationRow = Omit<Selectable<InvitationTable>, 'tokenHash'>

const SHOWN = [
  'id',
  'login',
  'name',
  'email',
  'projectId',
  'role',
  'invitedBy',
  'createdAt',
  'expiresAt'
] as const satisfies readonly (keyof InvitationTable)[]

/** The link of an earlier invitation of the same login works no more; expired ones are forgotten. */
export function insertInvitation(db: Db, invitation: Insertable<InvitationTable>, now: Date): Promise<void> {
  return transaction(db, async (tx) => {
    await tx
      .deleteFrom('invitations')
      .where((or) => or.or([or('login', '=', invitation.login), or('expiresAt', '<=', now)]))
      .execute()
    await tx.insertInto('invitations').values(invitation).execute()
  })
}

/** Those that can still be accepted, newest first. */
export async function openInvitations(db: Db, now: Date): Promise<InvitationRow[]> {
  return db.selectFrom('invitations').select(SHOWN).where('expiresAt', '>', now).orderBy('id', 'desc').execute()
}

export async function findInvitation(db: Db, tokenHash: string, now: Date): Promise<InvitationRow | undefined> {
  return db
    .selectFrom('invitations')
    .select(SHOWN)
    .where('tokenHash', '=', tokenHash)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
}

export async function deleteInvitation(db: Db, id: string): Promise<InvitationRow | undefined> {
  return db.deleteFrom('invitations').where('id', '=', id).returning(SHOWN).executeTakeFirst()
}

export interface NewcomerRow {
  id: string
  passwordHash: string
  now: Date
}

/** Uses the invitation up and makes its user a member, if of a project; `gone`: it was used or withdrawn meanwhile. */
export function redeemInvitation(
  db: Db,
  id: string,
  { id: userId, passwordHash, now }: NewcomerRow
): Promise<'done' | 'gone' | 'login-taken'> {
  return transaction(db, async (tx) => {
    const invitation = await deleteInvitation(tx, id)
    if (invitation === undefined) return 'gone'
    const { login, name, email, projectId, role } = invitation
    const user = { id: userId, login, name, email, passwordHash, mustChangePassword: false, createdAt: now }
    if (!(await insertUser(tx, user))) return 'login-taken'
    if (projectId !== null && role !== null) {
      await tx.insertInto('members').values({ projectId, userId, role }).execute()
    }
    return 'done'
  })
}
