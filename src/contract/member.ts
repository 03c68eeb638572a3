import { type Static, Type } from 'typebox'
import { DnsLabel, Id, Nullable, PageQuery, RoleWord, Time } from './shape.ts'

const Login = Type.String({ minLength: 1, maxLength: 63 })
const PersonName = Type.String({ minLength: 1, maxLength: 100 })

export const Member = Type.Object({ login: Type.String(), name: Type.String(), role: RoleWord })
export type Member = Static<typeof Member>
export const MemberBody = Type.Object({ login: Login, role: RoleWord })
export type MemberBody = Static<typeof MemberBody>
export const MemberRoleBody = Type.Object({ role: RoleWord })

export const User = Type.Object({
  login: Type.String(),
  name: Type.String(),
  email: Nullable(Type.String()),
  isAdmin: Type.Boolean(),
  createdAt: Time,
  /** null: may sign in */
  deactivatedAt: Nullable(Time)
})
export type User = Static<typeof User>

/** What is left out stays as it is. */
export const UserBody = Type.Object({
  isAdmin: Type.Optional(Type.Boolean()),
  active: Type.Optional(Type.Boolean()),
  /** who becomes an owner of the projects that a deactivated user would leave without one */
  newOwner: Type.Optional(Login)
})
export type UserBody = Static<typeof UserBody>

export const InvitationBody = Type.Object({
  login: Login,
  name: PersonName,
  /** author of the commits; absent or null: `login@` the host of the server */
  email: Type.Optional(Nullable(Type.String({ maxLength: 200, pattern: '^[^\\s<>@]+@[^\\s<>@]+$' }))),
  /** to be a member of from the start; its owner must ask */
  membership: Type.Optional(Nullable(Type.Object({ project: DnsLabel, role: RoleWord }))),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 30, default: 7 }))
})
export type InvitationBody = Static<typeof InvitationBody>

export const Invitation = Type.Object({
  id: Id,
  login: Type.String(),
  name: Type.String(),
  email: Nullable(Type.String()),
  membership: Nullable(Type.Object({ project: Type.String(), role: RoleWord })),
  invitedBy: Type.String(),
  createdAt: Time,
  expiresAt: Time
})
export type Invitation = Static<typeof Invitation>

/** The link is shown once, here; what follows its `#` never reaches a log. */
export const CreatedInvitation = Type.Object({ invitation: Invitation, link: Type.String() })
export type CreatedInvitation = Static<typeof CreatedInvitation>

/** what follows the `#` of the link; in a body, so that it stands in no URL */
const InvitationToken = Type.String({ minLength: 1, maxLength: 200 })

export const LookBody = Type.Object({ token: InvitationToken })

export const AcceptBody = Type.Object({
  token: InvitationToken,
  password: Type.String({ minLength: 12, maxLength: 1000 })
})

/** To be changed at the next login; shown once, here. */
export const NewPassword = Type.Object({ password: Type.String() })

const AuditFilter = {
  ...PageQuery.properties,
  /** login, or `system` */
  actor: Type.Optional(Type.String({ maxLength: 100 })),
  /** `member.add`, or `member` for all of members */
  action: Type.Optional(Type.String({ maxLength: 100 })),
  /** part of any text of a line, in any case */
  q: Type.Optional(Type.String({ maxLength: 200 })),
  /** at or after */
  from: Type.Optional(Time),
  /** before */
  to: Type.Optional(Time)
}
export const AuditQuery = Type.Object(AuditFilter)
export const ServerAuditQuery = Type.Object({ ...AuditFilter, project: Type.Optional(DnsLabel) })
export type ServerAuditQuery = Static<typeof ServerAuditQuery>

export const AuditItem = Type.Object({
  id: Id,
  at: Time,
  /** login, or `system` */
  actor: Type.String(),
  /** of the client, as trusted proxies tell it; null: the server itself */
  address: Nullable(Type.String()),
  action: Type.String(),
  /** null: it concerns no project */
  project: Nullable(Type.String()),
  target: Type.String(),
  before: Type.Unknown(),
  after: Type.Unknown()
})
export type AuditItem = Static<typeof AuditItem>
