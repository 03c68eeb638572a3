import type { ListedToken } from '../accounts/index.ts'
import type { Token, TokenBody } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { iso } from './view-run.ts'

const DEFAULT_DAYS = 90

export const tokenRoutes: Handlers<'listTokens' | 'createToken' | 'revokeToken'> = {
  listTokens: async (call, { accounts }) => ({
    body: { items: (await accounts.tokensOf(call.user.id)).map(tokenView), next: null }
  }),

  createToken: async (call, api) => {
    const { name, scopes, project = null, days = DEFAULT_DAYS } = call.body as TokenBody
    if (project !== null) await requireMember(call, api, project)
    const made = await api.accounts.createToken({ user: call.user.id, name, scopes, project, days })
    const token = tokenView(made.token)
    await record(call, api, { action: 'token.create', token: made.token, before: null, after: token })
    return { status: 201, body: { token, secret: made.secret.reveal() } }
  },

  revokeToken: async (call, api) => {
    const token = await api.accounts.revokeToken(call.user.id, call.params.token ?? '')
    await record(call, api, { action: 'token.revoke', token, before: tokenView(token), after: null })
    return { status: 204 }
  }
}

async function requireMember(call: Call, { accounts }: ApiOptions, project: string): Promise<void> {
  if ((await accounts.roleOf(call.user.id, project)) !== null) return
  const message = `There is no project ${project}, or you are not a member of it.`
  throw new AppError({ code: 'api/unknown-project', kind: 'missing', message })
}

function tokenView({ id, name, scopes, project, createdAt, expiresAt, lastUsedAt }: ListedToken): Token {
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(), lastUsedAt: iso(lastUsedAt) }
  return { id, name, scopes: [...scopes], project, ...times }
}

function record(
  call: Call,
  { accounts }: ApiOptions,
  change: { action: string; token: ListedToken; before: Token | null; after: Token | null }
): Promise<void> {
  const { action, token, before, after } = change
  return accounts.audit({
    actor: call.user.login,
    address: call.address,
    action,
    project: token.project,
    target: token.name,
    before,
    after
  })
}
