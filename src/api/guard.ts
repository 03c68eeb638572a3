import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { SignedIn, TokenGrant } from '../accounts/index.ts'
import type { Route } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import type { ApiOptions } from './context.ts'

export const SESSION_COOKIE = 'faultline_session'

export interface Caller {
  user: SignedIn | null
  infrastructure: string | null
}

/** Routes that a user may call before the first password was changed. */
const BEFORE_PASSWORD_CHANGE: ReadonlySet<string> = new Set(['/session', '/session/password'])

/** Who calls, and whether he may: everything is denied that a route's access does not name. */
export async function admitCaller(request: FastifyRequest, route: Route, api: ApiOptions): Promise<Caller> {
  if (route.access === 'public') return { user: null, infrastructure: null }
  if (route.access === 'agent') return { user: null, infrastructure: await agentOf(request, api) }
  const user = await userOf(request, api)
  if (user.token !== null) requireTokenFits(user.token, { route, request, api })
  else if (route.method !== 'GET') requireCsrf(request, user)
  if (user.mustChangePassword && !BEFORE_PASSWORD_CHANGE.has(route.path)) {
    throw denied('api/password-change-required', 'Change the first password before anything else.')
  }
  if (route.access === 'admin' && !user.isAdmin) {
    throw denied('api/denied', 'Only an admin of this server may do this.')
  }
  if (typeof route.access === 'object') await requireAction(request, user, { action: route.access.action, api })
  return { user, infrastructure: null }
}

/** DNS rebinding: a page of another name that resolves to us must not speak to us. */
export function requireHost(request: FastifyRequest, api: ApiOptions): void {
  if ((request.routeOptions.config as { anyHost?: boolean }).anyHost) return
  const host = (request.headers.host ?? '').toLowerCase()
  if (host === api.publicUrl.host || api.extraHosts.includes(host)) return
  throw denied(
    'api/wrong-host',
    `This server answers to ${api.publicUrl.host}, not to ${host}. Set FAULTLINE_PUBLIC_URL to the address that people open.`
  )
}

async function agentOf(request: FastifyRequest, api: ApiOptions): Promise<string> {
  const key = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1]
  const infrastructure = key === undefined ? null : await api.accounts.authenticateAgent(key)
  if (infrastructure === null) throw unauthenticated('This agent key is not known; register the agent again.')
  return infrastructure
}

/** As a bearer, or as the password of Basic: some systems can send a token in no other way than in the address. */
function apiTokenOf(authorization: string): string | undefined {
  const bearer = /^Bearer (flt_\S{1,200})$/i.exec(authorization)?.[1]
  if (bearer !== undefined) return bearer
  const basic = /^Basic ([A-Za-z0-9+/=]{1,600})$/i.exec(authorization)?.[1]
  return basic && /^[^:]*:(flt_\S{1,200})$/.exec(Buffer.from(basic, 'base64').toString('utf8'))?.[1]
}

async function userOf(request: FastifyRequest, api: ApiOptions): Promise<SignedIn> {
  const apiToken = apiTokenOf(request.headers.authorization ?? '')
  if (apiToken !== undefined) return byToken(apiToken, api)
  const token = request.cookies[SESSION_COOKIE]
  const user = token === undefined ? null : await api.accounts.session(token)
  if (user === null) throw unauthenticated('Sign in first.')
  return user
}

/** A page of another site can send no such header: no CSRF token is asked for. */
async function byToken(bearer: string, api: ApiOptions): Promise<SignedIn> {
  const user = await api.accounts.userOfToken(bearer)
  if (user !== null) return user
  throw unauthenticated('This API token is not known: it has expired, was revoked, or was never one. Make a new one.')
}

/** What the token is for; what its user may is judged besides. */
function requireTokenFits(
  token: TokenGrant,
  { route, request, api }: { route: Route; request: FastifyRequest; api: ApiOptions }
): void {
  const { access, method } = route
  if (access === 'session' || (access === 'admin' && route.scope === undefined))
    throw denied('api/token-denied', 'No API token may do this: sign in.')
  const action = typeof access === 'object' ? access.action : null
  const general = method === 'GET' ? 'read' : 'manage'
  const scope = route.scope ?? (action === null ? general : api.accounts.scopeOf(action))
  const may = scope === 'read' || (scope !== null && token.scopes.includes(scope))
  if (!may) throw denied('api/token-denied', `The API token ${token.name} does not have the scope ${scope}.`)
  if (token.project === null) return
  const asked = action === null ? queryProject(request, route) : (request.params as { project?: string }).project
  if (asked === token.project || (asked === undefined && method === 'GET')) return
  throw denied('api/token-denied', `The API token ${token.name} is for the project ${token.project} alone.`)
}

/** The stream names its project there. To a route that does not, whoever asks can write anything. */
function queryProject(request: FastifyRequest, { query }: Route): string | undefined {
  return query?.properties.project && (request.query as { project?: string }).project
}

function requireCsrf(request: FastifyRequest, user: SignedIn): void {
  const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''))
  const expected = Buffer.from(user.csrfToken)
  if (given.length === expected.length && timingSafeEqual(given, expected)) return
  throw denied('api/csrf', 'The request did not carry the token of your session; reload the page.')
}

async function requireAction(
  request: FastifyRequest,
  user: SignedIn,
  { action, api }: { action: string; api: ApiOptions }
): Promise<void> {
  const { project = '' } = request.params as { project?: string }
  const role = await api.accounts.roleOf(user.id, project)
  if (role === null) {
    throw new AppError({
      code: 'api/unknown-project',
      kind: 'missing',
      message: `There is no project ${project}, or you are not a member of it.`
    })
  }
  if (!api.accounts.may(role, action))
    throw denied('api/denied', `As ${role} of ${project} you may not do this (${action}).`)
}

function unauthenticated(message: string): AppError {
  return new AppError({ code: 'api/unauthenticated', kind: 'denied', message })
}

function denied(code: string, message: string): AppError {
  return new AppError({ code, kind: 'denied', message })
}
