import { type Static, Type } from 'typebox'
import { DnsLabel, Id, RoleWord, Time } from './shape.ts'

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
