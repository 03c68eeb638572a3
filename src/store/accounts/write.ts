/** All writes of accounts, and the reads that only it may do: what proves who somebody is. */

export {
  beginKey,
  findAgentKey,
  insertNextKey,
  type KnownKey,
  markSeen,
  redeemRegistration
} from './agent-keys.ts'
export { insertAudit } from './audit.ts'
export { type GrantChange, grantInfrastructure, setDefaultInfrastructure, withdrawInfrastructure } from './grants.ts'
export {
  changeInfrastructure,
  insertInfrastructure,
  type PlaceChange,
  type PlaceOrder,
  removeInfrastructure,
  renewRegistration
} from './infrastructures.ts'
export {
  deleteInvitation,
  findInvitation,
  type InvitationRow,
  insertInvitation,
  openInvitations,
  redeemInvitation
} from './invitations.ts'
export type { LiveRun } from './live-runs.ts'
export { changeMember, insertMember, type MemberChange } from './members.ts'
export { insertProject } from './projects.ts'
export { deleteEndedInvitations, deleteEndedSessions, deleteOldAudit } from './retention.ts'
export {
  deleteSession,
  deleteSessionsOf,
  extendSession,
  findSession,
  insertSession,
  type SessionRow
} from './sessions.ts'
export {
  type ApiTokenRow,
  apiTokensOf,
  deleteApiToken,
  findApiToken,
  insertApiToken,
  markTokenUsed
} from './tokens.ts'
export {
  changeStanding,
  findUser,
  hasUsers,
  insertUser,
  type StandingChange,
  setPassword,
  type UserRow
} from './users.ts'
