import type { Role } from '../domain/index.ts'
import { AppError, newId, newToken, Secret } from '../platform/index.ts'
import {
  deleteInvitation,
  findInvitation,
  findUser,
  type InvitationRow,
  insertInvitation,
  openInvitations,
  redeemInvitation
} from '../store/accounts/write.ts'
import { type ListedUser, listUsers } from '../store/index.ts'
import { resetPassword } from './admin.ts'
import type { Desk } from './desk.ts'
import { assertStrong, hashPassword, tokenHash } from './password.ts'
import { type ChangedStanding, type StandingWish, setStanding } from './standing.ts'

const DAY_MS = 24 * 3_600_000
const LOGIN = /^[a-z0-9][a-z0-9._-]{0,62}$/

export interface NewInvitation {
  login: string
  name: string
  email: string | null
  /** to be a member of from the start */
  membership: { project: string; role: Role } | null
  /** login of the admin */
  invitedBy: string
  days: number
}

/** The users of this server: made by invitation, so that nobody but themselves ever knows their password. */
export interface Users {
  /** by login */
  list(): Promise<ListedUser[]>
  /** `accounts/bad-login`, `accounts/login-taken`; the token is answered here alone; a login's earlier link ends */
  invite(wish: NewInvitation): Promise<{ invitation: InvitationRow; token: Secret }>
  invitations(): Promise<InvitationRow[]>
  /** `accounts/unknown-invitation` */
  withdraw(id: string): Promise<InvitationRow>
  /** `accounts/invitation-refused`; uses nothing up */
  look(token: string): Promise<InvitationRow>
  /** `accounts/invitation-refused`, `accounts/weak-password`, `accounts/login-taken`; works once */
  accept(token: string, password: string): Promise<InvitationRow>
  /** `accounts/unknown-login`; answers the new password, which must be changed at the next login */
  resetPassword(login: string): Promise<Secret>
  /** `accounts/unknown-login`, `accounts/last-admin`, `accounts/only-owner` (details.projects), `accounts/bad-new-owner` */
  setStanding(login: string, wish: StandingWish): Promise<ChangedStanding>
}

export function createUsers(desk: Desk): Users {
  const { store, clock } = desk
  return {
    list: () => listUsers(store.db),
    invite: (wish) => invite(desk, wish),
    invitations: () => openInvitations(store.db, clock.now()),
    withdraw: async (id) => {
      const invitation = await deleteInvitation(store.db, id)
      if (invitation !== undefined) return invitation
      throw new AppError({ code: 'accounts/unknown-invitation', kind: 'missing', message: 'It is not open any more.' })
    },
    look: (token) => look(desk, token),
    accept: (token, password) => accept(desk, token, password),
    resetPassword: (login) => resetPassword(desk, login),
    setStanding: (login, wish) => setStanding(desk, login, wish)
  }
}

async function invite(desk: Desk, wish: NewInvitation): Promise<{ invitation: InvitationRow; token: Secret }> {
  const { login, name, email, membership, invitedBy, days } = wish
  if (!LOGIN.test(login)) {
    const message = 'A login has 1 to 63 characters of a-z, 0-9, ".", "_" and "-", and begins with a letter or digit.'
    throw new AppError({ code: 'accounts/bad-login', kind: 'invalid', message })
  }
  if ((await findUser(desk.store.db, { login })) !== undefined) throw loginTaken(login)
  const now = desk.clock.now()
  const token = newToken()
  const invitation = {
    id: newId(now),
    login,
    name,
    email,
    projectId: membership?.project ?? null,
    role: membership?.role ?? null,
    invitedBy,
    createdAt: now,
    expiresAt: new Date(now.getTime() + days * DAY_MS)
  }
  await insertInvitation(desk.store.db, { ...invitation, tokenHash: tokenHash(token) }, now)
  return { invitation, token: new Secret(token) }
}

async function look({ store, clock }: Desk, token: string): Promise<InvitationRow> {
  const invitation = await findInvitation(store.db, tokenHash(token), clock.now())
  if (invitation === undefined) throw refused()
  return invitation
}

async function accept(desk: Desk, token: string, password: string): Promise<InvitationRow> {
  const { store, clock } = desk
  const now = clock.now()
  const invitation = await look(desk, token)
  assertStrong(new Secret(password))
  const newcomer = { id: newId(now), passwordHash: await hashPassword(new Secret(password)), now }
  const outcome = await redeemInvitation(store.db, invitation.id, newcomer)
  if (outcome === 'gone') throw refused()
  if (outcome === 'login-taken') throw loginTaken(invitation.login)
  return invitation
}

function refused(): AppError {
  const message = 'This invitation was used, withdrawn or has expired. Ask for a new one.'
  return new AppError({ code: 'accounts/invitation-refused', kind: 'denied', message })
}

function loginTaken(login: string): AppError {
  const message = `There is a user with the login ${login} already.`
  return new AppError({ code: 'accounts/login-taken', kind: 'clash', message })
}
