import type { Role, TokenScope } from '../domain/index.ts'
import type { Clock, Logger, Secret } from '../platform/index.ts'
import { type Membership, projectsOf, roleOf, type Store, transaction } from '../store/index.ts'
import { ensureAdmin, resetPassword } from './admin.ts'
import {
  type AgentRegistration,
  authenticateAgent,
  heartbeat,
  type Presence,
  type RegisteredAgent,
  registerAgent,
  renewAgentKey
} from './agents.ts'
import { type AuditEntry, audit } from './audit.ts'
import type { Desk } from './desk.ts'
import { createInfrastructures, type Infrastructures } from './infrastructures.ts'
import { createUsers, type Users } from './invitations.ts'
import { LoginLimit } from './login-limit.ts'
import { createMembers, type Members } from './members.ts'
import { createProject, type NewProject } from './projects.ts'
import { may, scopeOf } from './role-matrix.ts'
import { changePassword, isLive, type LoginTry, type PasswordChange, sessionOf, signIn, signOut } from './sign-in.ts'
import type { SignedIn } from './signed-in.ts'
import {
  createApiToken,
  type ListedToken,
  listApiTokens,
  type NewApiToken,
  revokeApiToken,
  userOfToken
} from './tokens.ts'

export interface AccountsOptions {
  store: Store
  clock: Clock
  log: Logger
  /** where the admin's first password is written (0600) */
  passwordFile: string
}

/** Who may make what happen. Everything rejects with AppErrors `accounts/…` and `store/…`. */
export interface Accounts {
  members: Members
  users: Users
  infrastructures: Infrastructures
  /** where there is no user yet: login `admin`, a random password in the password file */
  ensureAdmin(options: { mustChangePassword: boolean }): Promise<{ created: boolean }>
  /** `accounts/wrong-login`, `accounts/too-many-tries` (details.retryAfterSeconds); the token is for the cookie */
  login(attempt: LoginTry): Promise<{ user: SignedIn; token: string }>
  /** null: unknown or expired. Each use keeps it alive for 12 hours, at most 7 days */
  session(token: string): Promise<SignedIn | null>
  /** whether the session, or the token, is still one; asking does not keep it alive */
  isLive(sessionId: string): Promise<boolean>
  logout(sessionId: string): Promise<void>
  /** `accounts/wrong-password`, `accounts/weak-password`, `accounts/same-password`; ends the user's other sessions */
  changePassword(change: PasswordChange): Promise<void>
  /** `accounts/unknown-login`; answers the new password, which must be changed at the next login */
  resetPassword(login: string): Promise<Secret>
  /** `accounts/too-many-tokens`; the secret is answered here alone */
  createToken(token: NewApiToken): Promise<{ token: ListedToken; secret: Secret }>
  /** newest first; also expired ones, for a while */
  tokensOf(userId: string): Promise<ListedToken[]>
  /** `accounts/unknown-token` */
  revokeToken(userId: string, id: string): Promise<ListedToken>
  /** null: unknown, revoked or expired */
  userOfToken(secret: string): Promise<SignedIn | null>
  /** which a token must have for an action; null for one that is not known */
  scopeOf(action: string): TokenScope | null
  /** `accounts/bad-project-id`, `accounts/project-exists`; the creator is its owner */
  createProject(project: NewProject): Promise<{ createdAt: Date }>
  projectsOf(userId: string): Promise<Membership[]>
  /** null: no member, or no such project */
  roleOf(userId: string, project: string): Promise<Role | null>
  /** false also for an action that is not known */
  may(role: Role, action: string): boolean
  /** `accounts/registration-refused` */
  registerAgent(registration: AgentRegistration): Promise<RegisteredAgent>
  /** the infrastructure that the key is for; `accounts/infrastructure-removed`, `accounts/agent-key-replaced` */
  authenticateAgent(key: string): Promise<string | null>
  /** the next key of the agent of this infrastructure, by its name; the one before works until it is used */
  renewAgentKey(id: string): Promise<{ infrastructure: string; key: string }>
  heartbeat(infrastructure: string, presence: Presence): Promise<void>
  audit(entry: AuditEntry): Promise<void>
  /** what is done with the given accounts is done in one transaction: a change and its line in the audit, or neither */
  together<T>(work: (accounts: Accounts) => Promise<T>): Promise<T>
}

export function createAccounts({ store, clock, log, passwordFile }: AccountsOptions): Accounts {
  return accountsAt({ store, clock, log, passwordFile, adminLogin: 'admin', limit: new LoginLimit(clock) })
}

function accountsAt(desk: Desk): Accounts {
  const { store } = desk
  return {
    members: createMembers(desk),
    users: createUsers(desk),
    infrastructures: createInfrastructures(desk),
    ensureAdmin: ({ mustChangePassword }) => ensureAdmin(desk, mustChangePassword),
    login: (attempt) => signIn(desk, attempt),
    session: (token) => sessionOf(desk, token),
    isLive: (sessionId) => isLive(desk, sessionId),
    logout: (sessionId) => signOut(desk, sessionId),
    changePassword: (change) => changePassword(desk, change),
    resetPassword: (login) => resetPassword(desk, login),
    createToken: (token) => createApiToken(desk, token),
    tokensOf: (userId) => listApiTokens(desk, userId),
    revokeToken: (userId, id) => revokeApiToken(desk, userId, id),
    userOfToken: (secret) => userOfToken(desk, secret),
    scopeOf,
    createProject: (project) => createProject(desk, project),
    projectsOf: (userId) => projectsOf(store.db, userId),
    roleOf: async (userId, project) => (await roleOf(store.db, userId, project)) ?? null,
    may,
    registerAgent: (registration) => registerAgent(desk, registration),
    authenticateAgent: (key) => authenticateAgent(desk, key),
    renewAgentKey: (id) => renewAgentKey(desk, id),
    heartbeat: (infrastructure, presence) => heartbeat(desk, infrastructure, presence),
    audit: (entry) => audit(desk, entry),
    together: (work) => transaction(store.db, (tx) => work(accountsAt({ ...desk, store: { ...store, db: tx } })))
  }
}
