import type { Role } from '../../domain/index.ts'
import type { Db, Tx } from '../connect.ts'
import { lockFor, transaction } from '../transaction.ts'

export type MemberChange =
  | { kind: 'done'; before: Role | null }
  | { kind: 'missing' }
  | { kind: 'member-already' }
  | { kind: 'last-owner' }

/** A user who is none yet. */
export async function insertMember(db: Db, member: { projectId: string; userId: string; role: Role }) {
  const inserted = await db
    .insertInto('members')
    .values(member)
    .onConflict((conflict) => conflict.columns(['projectId', 'userId']).doNothing())
    .returning('role')
    .executeTakeFirst()
  return inserted === undefined ? ({ kind: 'member-already' } as const) : ({ kind: 'done', before: null } as const)
}

/** Another role, or null = no member any more. A project keeps an owner, whoever changes what at the same time. */
export function changeMember(
  db: Db,
  { projectId, userId, role }: { projectId: string; userId: string; role: Role | null }
): Promise<MemberChange> {
  return transaction(db, async (tx) => {
    await lockFor(tx, 'members', projectId)
    const before = await roleIn(tx, projectId, userId)
    if (before === undefined) return { kind: 'missing' }
    if (before === 'owner' && role !== 'owner' && !(await hasOtherOwner(tx, projectId, userId)))
      return { kind: 'last-owner' }
    if (role === null) {
      await tx.deleteFrom('members').where('projectId', '=', projectId).where('userId', '=', userId).execute()
    } else {
      await tx
        .updateTable('members')
        .set({ role })
        .where('projectId', '=', projectId)
        .where('userId', '=', userId)
        .execute()
    }
    return { kind: 'done', before }
  })
}

/** Projects of which nobody else who may sign in is an owner; their members stay as they are until the transaction ends. */
export async function ownedAlone(tx: Tx, userId: string): Promise<string[]> {
  const owned = await tx
    .selectFrom('members')
    .select('projectId')
    .where('userId', '=', userId)
    .where('role', '=', 'owner')
    .orderBy('projectId')
    .execute()
  const alone: string[] = []
  for (const { projectId } of owned) {
    await lockFor(tx, 'members', projectId)
    if (!(await hasOtherOwner(tx, projectId, userId))) alone.push(projectId)
  }
  return alone
}

/** Whatever role the user has there, or none. */
export async function makeOwner(tx: Tx, projectId: string, userId: string): Promise<void> {
  await tx
    .insertInto('members')
    .values({ projectId, userId, role: 'owner' })
    .onConflict((conflict) => conflict.columns(['projectId', 'userId']).doUpdateSet({ role: 'owner' }))
    .execute()
}

async function roleIn(tx: Tx, projectId: string, userId: string): Promise<Role | undefined> {
  const row = await tx
    .selectFrom('members')
    .select('role')
    .where('projectId', '=', projectId)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return row?.role
}

/** One who may sign in. */
async function hasOtherOwner(tx: Tx, projectId: string, userId: string): Promise<boolean> {
  const other = await tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.userId')
    .select('userId')
    .where('projectId', '=', projectId)
    .where('role', '=', 'owner')
    .where('userId', '!=', userId)
    .where('users.deactivatedAt', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}
