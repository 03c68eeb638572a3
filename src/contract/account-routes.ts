import type { Route } from './route.ts'
import { Page } from './shape.ts'
import { CreatedToken, Token, TokenBody } from './token.ts'

/** Account → Tokens. */
export const ACCOUNT_ROUTES = {
  listTokens: {
    method: 'GET',
    path: '/tokens',
    summary: 'My API tokens',
    access: 'session',
    status: 200,
    response: Page(Token)
  },
  createToken: {
    method: 'POST',
    path: '/tokens',
    summary: 'Make an API token; its secret is shown once',
    access: 'session',
    body: TokenBody,
    status: 201,
    response: CreatedToken
  },
  revokeToken: {
    method: 'DELETE',
    path: '/tokens/:token',
    summary: 'Revoke an API token of mine',
    access: 'session',
    status: 204,
    response: null
  }
} as const satisfies Record<string, Route>
