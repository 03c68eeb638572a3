import { type Static, Type } from 'typebox'
import { Id, Nullable, Time, TokenScopeWord } from './shape.ts'

export const TokenBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  scopes: Type.Array(TokenScopeWord, { minItems: 1, maxItems: 10 }),
  /** the only project that it is for; absent or null = all of mine */
  project: Type.Optional(Nullable(Type.String({ maxLength: 63 }))),
  /** until it expires */
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365, default: 90 }))
})
export type TokenBody = Static<typeof TokenBody>

export const Token = Type.Object({
  id: Id,
  name: Type.String(),
  scopes: Type.Array(TokenScopeWord),
  project: Nullable(Type.String()),
  createdAt: Time,
  expiresAt: Time,
  lastUsedAt: Nullable(Time)
})
export type Token = Static<typeof Token>

/** The secret is shown once, here: `Authorization: Bearer flt_…`. */
export const CreatedToken = Type.Object({ token: Token, secret: Type.String() })
export type CreatedToken = Static<typeof CreatedToken>
