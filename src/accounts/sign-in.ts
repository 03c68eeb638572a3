import { rm } from 'node:fs/promises'
import { AppError, newToken, Secret } from '../platform/index.ts'
import {
  deleteSession,
  deleteSessionsOf,
  extendSession,
  findApiToken,
  findSession,
  findUser,
  insertSession,
  setPassword,
  type UserRow
} from '../store/accounts/write.ts'
import { transaction } from '../store/index.ts'
import { audit } from './audit.ts'
import type { Desk } from './desk.ts'
import { assertStrong, hashPassword, isPassword, tokenHash } from './password.ts'
import type { SignedIn } from './signed-in.ts'

const IDLE_MS = 12 * 3_600_000
const LIFE_MS = 7 * 24 * 3_600_000
/** a session is written again only after so long: not with each request */
const EXTEND_STEP_MS = 5 * 60_000

export interface LoginTry {
  login: string
  password: string
  /** remote address */
  address: string
}

export async function signIn(desk: Desk, attempt: LoginTry): Promise<{ user: SignedIn; token: string }> {
  const { login, address } = attempt
  countTry(desk, login, address)
  const user = await findUser(desk.store.db, { login })
  if (!(await isPassword(new Secret(attempt.password), user?.passwordHash ?? null)) || user === undefined) {
    await auditTry(desk, attempt, user, 'session.refuse')
    throw new AppError({ code: 'accounts/wrong-login', kind: 'denied', message: 'The login or the password is wrong.' })
  }
  desk.limit.succeeded(login, address)
  if (user.deactivatedAt !== null) {
    const message = 'This account is deactivated. An admin of this server can make it active again.'
    throw new AppError({ code: 'accounts/deactivated', kind: 'denied', message })
  }
  await auditTry(desk, attempt, user, 'session.begin')
  return startSession(desk, user)
}

/** A login that nobody has is not kept: people type their password there. What is refused for the number of tries leaves no line. */
function auditTry(desk: Desk, { address }: LoginTry, user: UserRow | undefined, action: string): Promise<void> {
  const who = { actor: user?.login ?? 'system', target: user?.login ?? 'unknown login' }
  return audit(desk, { ...who, address, action, project: null, before: null, after: null })
}

async function startSession(desk: Desk, user: UserRow): Promise<{ user: SignedIn; token: string }> {
  const now = desk.clock.now()
  const [token, csrfToken] = [newToken(), newToken()]
  const session = { tokenHash: tokenHash(token), userId: user.id, csrfToken, createdAt: now }
  await insertSession(desk.store.db, { ...session, expiresAt: new Date(now.getTime() + IDLE_MS) }, now)
  const { id, login, name, email, mustChangePassword, isAdmin } = user
  const known = { id, login, name, email, mustChangePassword, isAdmin }
  return { token, user: { ...known, csrfToken, sessionId: session.tokenHash, token: null } }
}

/** The session lives on for 12 hours after each use, at most 7 days. */
export async function sessionOf(desk: Desk, token: string): Promise<SignedIn | null> {
  const now = desk.clock.now()
  const row = await findSession(desk.store.db, tokenHash(token), now)
  if (row === undefined) return null
  const end = Math.min(now.getTime() + IDLE_MS, row.createdAt.getTime() + LIFE_MS)
  if (end - row.expiresAt.getTime() > EXTEND_STEP_MS) {
    await extendSession(desk.store.db, row.tokenHash, new Date(end))
  }
  const { userId: id, login, name, email, mustChangePassword, isAdmin, csrfToken } = row
  const user = { id, login, name, email, mustChangePassword, isAdmin }
  return { ...user, csrfToken, sessionId: row.tokenHash, token: null }
}

/** Whether the session, or the token, is still one; asking does not keep it alive. */
export async function isLive({ store, clock }: Desk, sessionId: string): Promise<boolean> {
  if ((await findSession(store.db, sessionId, clock.now())) !== undefined) return true
  return (await findApiToken(store.db, sessionId, clock.now())) !== undefined
}

export function signOut(desk: Desk, sessionId: string): Promise<void> {
  return deleteSession(desk.store.db, sessionId)
}

export interface PasswordChange {
  user: SignedIn
  current: string
  next: string
}

/** Ends the user's other sessions; the file with the first password is of no use any more. */
export async function changePassword(desk: Desk, { user, current, next }: PasswordChange): Promise<void> {
  countTry(desk, user.login, `session ${user.id}`)
  const known = await findUser(desk.store.db, { id: user.id })
  if (!(await isPassword(new Secret(current), known?.passwordHash ?? null))) {
    throw new AppError({ code: 'accounts/wrong-password', kind: 'denied', message: 'The current password is wrong.' })
  }
  desk.limit.succeeded(user.login, `session ${user.id}`)
  assertStrong(new Secret(next))
  if (next === current) {
    const message = 'The new password is the current one; choose another.'
    throw new AppError({ code: 'accounts/same-password', kind: 'invalid', message })
  }
  const passwordHash = await hashPassword(new Secret(next))
  await transaction(desk.store.db, async (tx) => {
    await setPassword(tx, user.id, { passwordHash, mustChangePassword: false })
    await deleteSessionsOf(tx, user.id, user.sessionId)
  })
  if (user.login === desk.adminLogin) await rm(desk.passwordFile, { force: true })
}

function countTry(desk: Desk, login: string, address: string): void {
  const seconds = desk.limit.begin(login, address)
  if (seconds === 0) return
  throw new AppError({
    code: 'accounts/too-many-tries',
    kind: 'denied',
    message: `Too many tries. Wait ${seconds} seconds, then try again.`,
    details: { retryAfterSeconds: seconds }
  })
}
