import type { Insertable, Selectable } from 'kysely'
import type { Db } from '../connect.ts'
import { toJson } from '../json.ts'
import type { ApiTokenTable, UserTable } from '../schema.ts'

export type ApiTokenRow = Omit<Selectable<ApiTokenTable>, 'tokenHash'>
type Holder = Pick<Selectable<UserTable>, 'login' | 'email' | 'mustChangePassword' | 'isAdmin'> & { userName: string }

const SHOWN = ['id', 'userId', 'name', 'scopes', 'projectId', 'createdAt', 'expiresAt', 'lastUsedAt'] as const

/** Inserts it, and forgets the user's that expired before `forget`. */
export async function insertApiToken(
  db: Db,
  token: Omit<Insertable<ApiTokenTable>, 'scopes'> & { scopes: readonly string[] },
  forget: Date
): Promise<void> {
  await db.deleteFrom('apiTokens').where('userId', '=', token.userId).where('expiresAt', '<', forget).execute()
  await db
    .insertInto('apiTokens')
    .values({ ...token, scopes: toJson(token.scopes) })
    .execute()
}

/** The user's, newest first; also expired ones. */
export async function apiTokensOf(db: Db, userId: string): Promise<ApiTokenRow[]> {
  return db.selectFrom('apiTokens').select(SHOWN).where('userId', '=', userId).orderBy('id', 'desc').execute()
}

/** The token and whose it is; undefined: unknown, revoked or expired. */
export async function findApiToken(db: Db, tokenHash: string, now: Date): Promise<(ApiTokenRow & Holder) | undefined> {
  return db
    .selectFrom('apiTokens as token')
    .innerJoin('users', 'users.id', 'token.userId')
    .select(SHOWN.map((column) => `token.${column}` as const))
    .select(['users.login', 'users.name as userName', 'users.email', 'users.mustChangePassword', 'users.isAdmin'])
    .where('token.tokenHash', '=', tokenHash)
    .where('token.expiresAt', '>', now)
    .where('users.deactivatedAt', 'is', null)
    .executeTakeFirst()
}

export async function markTokenUsed(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable('apiTokens').set({ lastUsedAt: now }).where('id', '=', id).execute()
}

/** The revoked one; undefined: the user has no such token. */
export async function deleteApiToken(db: Db, userId: string, id: string): Promise<ApiTokenRow | undefined> {
  return db
    .deleteFrom('apiTokens')
    .where('userId', '=', userId)
    .where('id', '=', id)
    .returning(SHOWN)
    .executeTakeFirst()
}

/** All of the user's. */
export async function deleteApiTokensOf(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('apiTokens').where('userId', '=', userId).execute()
}
