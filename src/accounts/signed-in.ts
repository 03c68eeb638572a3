import type { TokenScope } from '../domain/index.ts'

/** Who is signed in, by which session. */
export interface SignedIn {
  id: string
  login: string
  name: string
  email: string | null
  mustChangePassword: boolean
  /** may make further users */
  isAdmin: boolean
  /** the session's own; sent with every request that changes something; empty where a token is used */
  csrfToken: string
  /** of the session, or of the token */
  sessionId: string
  /** used instead of a session: it may less than its user */
  token: TokenGrant | null
}

/** What a token is good for, at most: never more than its user may. */
export interface TokenGrant {
  id: string
  name: string
  scopes: readonly TokenScope[]
  /** the only project that it is for; null = all of the user's */
  project: string | null
}
