import { type Static, Type } from 'typebox'
import { DnsLabel, Id, InfrastructureKindWord, Nullable, OneOf, RoleWord, Time } from './shape.ts'

export const LoginBody = Type.Object({
  login: Type.String({ minLength: 1, maxLength: 100 }),
  password: Type.String({ minLength: 1, maxLength: 1000 })
})

export const Session = Type.Object({
  user: Type.Object({ id: Id, login: Type.String(), name: Type.String(), isAdmin: Type.Boolean() }),
  mustChangePassword: Type.Boolean(),
  /** to be sent as `x-csrf-token` with every request that changes something */
  csrfToken: Type.String(),
  projects: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), role: RoleWord })),
  version: Type.String()
})
export type Session = Static<typeof Session>

export const PasswordBody = Type.Object({
  current: Type.String({ maxLength: 1000 }),
  next: Type.String({ minLength: 12, maxLength: 1000 })
})

export const ProjectBody = Type.Object({
  id: DnsLabel,
  name: Type.String({ minLength: 1, maxLength: 100 })
})
export const Project = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: RoleWord,
  createdAt: Time
})
export type Project = Static<typeof Project>

export const InfrastructureBody = Type.Object({
  name: DnsLabel,
  kind: InfrastructureKindWord,
  environment: Type.Optional(OneOf(['prod', 'non-prod'] as const))
})

export const Infrastructure = Type.Object({
  id: Id,
  name: Type.String(),
  kind: InfrastructureKindWord,
  environment: OneOf(['prod', 'non-prod'] as const),
  isDefault: Type.Boolean(),
  connected: Type.Boolean(),
  seenAt: Nullable(Time),
  agentVersion: Nullable(Type.String()),
  /** its agent lets probes run commands */
  allowCommands: Type.Boolean()
})
export type Infrastructure = Static<typeof Infrastructure>

/** The registration token is shown once, here. */
export const CreatedInfrastructure = Type.Object({
  infrastructure: Infrastructure,
  registrationToken: Type.String()
})
export type CreatedInfrastructure = Static<typeof CreatedInfrastructure>
