import type { TokenScope } from '../domain/index.ts'
import { AppError, newId, newToken, Secret } from '../platform/index.ts'
import {
  type ApiTokenRow,
  apiTokensOf,
  deleteApiToken,
  findApiToken,
  insertApiToken,
  markTokenUsed
} from '../store/accounts/write.ts'
import type { Desk } from './desk.ts'
import { tokenHash } from './password.ts'
import type { SignedIn, TokenGrant } from './signed-in.ts'

/** A scanner of leaked secrets, and our own server, know a token by it. */
const PREFIX = 'flt_'
const DAY_MS = 24 * 3_600_000
const MOST_OF_A_USER = 100
/** an expired one is still listed for so long: why did the pipeline stop working */
const REMEMBER_MS = 30 * DAY_MS
/** last use is written again only after so long: not with each request */
const USE_STEP_MS = 60_000

export interface NewApiToken {
  user: string
  name: string
  scopes: readonly TokenScope[]
  project: string | null
  days: number
}

export type ListedToken = TokenGrant & Pick<ApiTokenRow, 'createdAt' | 'expiresAt' | 'lastUsedAt'>

/** The secret is answered here alone. */
export async function createApiToken(
  desk: Desk,
  { user, name, scopes, project, days }: NewApiToken
): Promise<{ token: ListedToken; secret: Secret }> {
  const { db } = desk.store
  const now = desk.clock.now()
  if ((await apiTokensOf(db, user)).length >= MOST_OF_A_USER) {
    const message = `You have ${MOST_OF_A_USER} tokens already; revoke those that nobody uses.`
    throw new AppError({ code: 'accounts/too-many-tokens', kind: 'clash', message })
  }
  const secret = `${PREFIX}${newToken()}`
  const expiresAt = new Date(now.getTime() + days * DAY_MS)
  const token = { id: newId(now), name, scopes: [...new Set(scopes)], createdAt: now, expiresAt, lastUsedAt: null }
  const row = { ...token, userId: user, projectId: project, tokenHash: tokenHash(secret) }
  await insertApiToken(db, row, new Date(now.getTime() - REMEMBER_MS))
  return { token: { ...token, project }, secret: new Secret(secret) }
}

export async function listApiTokens(desk: Desk, user: string): Promise<ListedToken[]> {
  return (await apiTokensOf(desk.store.db, user)).map(listed)
}

/** From now on it is not known any more. */
export async function revokeApiToken(desk: Desk, user: string, id: string): Promise<ListedToken> {
  const row = await deleteApiToken(desk.store.db, user, id)
  if (row !== undefined) return listed(row)
  throw new AppError({ code: 'accounts/unknown-token', kind: 'missing', message: 'You have no such token.' })
}

/** Whose the token is, and what it is good for; null: unknown, revoked or expired. */
export async function userOfToken(desk: Desk, secret: string): Promise<SignedIn | null> {
  if (!secret.startsWith(PREFIX)) return null
  const now = desk.clock.now()
  const sessionId = tokenHash(secret)
  const row = await findApiToken(desk.store.db, sessionId, now)
  if (row === undefined) return null
  if (row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() > USE_STEP_MS) {
    await markTokenUsed(desk.store.db, row.id, now)
  }
  const { userId: id, login, userName: name, email, mustChangePassword, isAdmin } = row
  const token = { id: row.id, name: row.name, scopes: row.scopes, project: row.projectId }
  return { id, login, name, email, mustChangePassword, isAdmin, csrfToken: '', sessionId, token }
}

function listed({ id, name, scopes, projectId, createdAt, expiresAt, lastUsedAt }: ApiTokenRow): ListedToken {
  return { id, name, scopes, project: projectId, createdAt, expiresAt, lastUsedAt }
}
