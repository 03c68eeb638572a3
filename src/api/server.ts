import { Server } from 'node:https'
import fastifyCookie from '@fastify/cookie'
import fastifySwagger from '@fastify/swagger'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
  type RouteOptions
} from 'fastify'
import type { TSchema } from 'typebox'
import { API_PREFIX, ROUTES, type Route, type RouteId } from '../contract/index.ts'
import { newId, toAppError } from '../platform/index.ts'
import { agentRoutes } from './agent-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { changeRoutes } from './change-routes.ts'
import { clientAddress } from './client-address.ts'
import { Closing } from './closing.ts'
import type { Answer, ApiOptions, Call, Handler } from './context.ts'
import { gateRoutes } from './gate-routes.ts'
import { gitHooks } from './git-hook.ts'
import { gitopsRoutes } from './gitops-routes.ts'
import { admitCaller, type Caller, requireHost, SESSION_COOKIE } from './guard.ts'
import { healthRoutes } from './health-routes.ts'
import { hookRoutes } from './hook-routes.ts'
import { grantRoutes, infrastructureRoutes } from './infrastructure-routes.ts'
import { killSwitchRoutes } from './kill-switch-routes.ts'
import { memberRoutes } from './member-routes.ts'
import { overviewRoutes } from './overview-route.ts'
import { passRoutes } from './pass-routes.ts'
import { requirePlainText } from './plain-text.ts'
import { policyRoutes } from './policy-routes.ts'
import { servePortal } from './portal-files.ts'
import { fromFastify, notFound, sendProblem } from './problem.ts'
import { reportRoutes } from './report-routes.ts'
import { watchRequests } from './request-watch.ts'
import { restoreRoutes } from './restore-routes.ts'
import { runRoutes } from './run-routes.ts'
import { scheduleRoutes } from './schedule-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { startHooks } from './start-hook.ts'
import { StreamHub } from './stream.ts'
import { tokenRoutes } from './token-routes.ts'
import { userRoutes } from './user-routes.ts'
import { validators } from './validators.ts'
import { workflowRoutes } from './workflow-routes.ts'

/** Largest body of a JSON route, and of a manifest (whose own limit is below it), in bytes. */
const BODY_LIMIT = 2 * 1024 * 1024
const SESSION_SECONDS = 7 * 24 * 3600

const HANDLERS: Record<Exclude<RouteId, 'stream'>, Handler> = {
  ...sessionRoutes,
  ...tokenRoutes,
  ...memberRoutes,
  ...auditRoutes,
  ...userRoutes,
  ...overviewRoutes,
  ...policyRoutes,
  ...workflowRoutes,
  ...restoreRoutes,
  ...gitopsRoutes,
  ...passRoutes,
  ...runRoutes,
  ...reportRoutes,
  ...changeRoutes,
  ...infrastructureRoutes,
  ...grantRoutes,
  ...killSwitchRoutes,
  ...scheduleRoutes,
  ...hookRoutes,
  ...gateRoutes,
  ...agentRoutes
}

/** The HTTP server: every route of the contract, guarded as it says; OpenAPI, health, and the portal's files. */
export async function createApi(api: ApiOptions): Promise<FastifyInstance> {
  const app = fastify({
    // null is plain http; Fastify's types tell the two kinds of server apart, nothing below does
    https: api.certificate as null,
    trustProxy: api.trustedProxies.length > 0 && [...api.trustedProxies],
    loggerInstance: api.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    genReqId: () => newId(api.clock.now()),
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, fromFastify(error) ?? toAppError(error))
  })
  app.setValidatorCompiler(validators())
  const hub = new StreamHub(api.store, api.log)
  const closing = new Closing()
  app.addHook('preClose', async () => {
    hub.close()
    closing.begin(app.server)
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((request, reply) => sendProblem(reply, notFound(request)))
  watchRequests(app, api)
  app.addHook('onRequest', async (request) => requireHost(request, api))
  const securityHeaders = securityHeadersOf(api.publicUrl)
  app.addHook('onSend', async (_request, reply) => void reply.headers(securityHeaders))
  app.addContentTypeParser(
    ['application/yaml', 'text/yaml', 'application/x-yaml'],
    { parseAs: 'string' },
    (_request, body, done) => done(null, body)
  )
  await app.register(fastifyCookie)
  await app.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Faultline', version: api.version } }
  })
  await app.register(async (scope) => {
    for (const [id, route] of Object.entries(ROUTES) as [RouteId, Route][])
      scope.route(routeOptions(id, route, { api, hub, closing }))
    scope.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
    await healthRoutes(scope, api, closing)
  })
  await app.register((scope) => gitHooks(scope, api))
  await app.register((scope) => startHooks(scope, api))
  if (api.portalFolder !== null) await servePortal(app, api.portalFolder)
  return app
}

/** From now on, with the next new connection. */
export function replaceCertificate(app: FastifyInstance, certificate: { cert: Buffer; key: Buffer }): void {
  const server: unknown = app.server
  if (server instanceof Server) server.setSecureContext(certificate)
}

/** Browsers keep HSTS for all ports of a host: it is set only where the host is ours as a whole. */
function securityHeadersOf({ protocol, port }: URL): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    ...(protocol === 'https:' && port === '' && { 'strict-transport-security': 'max-age=15552000' })
  }
}

const NOBODY: Caller = { user: null, infrastructure: null }
const callers = new WeakMap<FastifyRequest, Caller>()

interface Desk {
  api: ApiOptions
  hub: StreamHub
  closing: Closing
}

function routeOptions(id: RouteId, route: Route, { api, hub, closing }: Desk): RouteOptions {
  return {
    method: route.method,
    url: `${API_PREFIX}${route.path}`,
    schema: schemaOf(id, route),
    // before the body is read: a stranger's is not even parsed
    onRequest: async (request) => {
      requirePlainText([request.params, request.query])
      callers.set(request, await admitCaller(request, route, api))
    },
    // what an agent reports is taken with its odd characters, which the store replaces
    preValidation: async ({ body }) => {
      if (route.access !== 'agent') requirePlainText(body)
    },
    handler: async (request, reply) => {
      const caller = callers.get(request) ?? NOBODY
      if (id === 'stream') return openStream({ request, reply, caller, api, hub })
      const call = callOf({ request, reply, caller, closing })
      return send(reply, route, await HANDLERS[id](call, api), api)
    }
  }
}

function schemaOf(id: RouteId, route: Route): Record<string, unknown> {
  return {
    operationId: id,
    summary: route.summary,
    ...(route.query && { querystring: route.query }),
    ...(route.body && route.body !== 'yaml' && { body: strict(route.body, route.access) }),
    ...(route.body === 'yaml' && { consumes: ['application/yaml'] }),
    ...(route.response !== null && { response: { [route.status]: documented(route.response) } })
  }
}

/** A field that nobody knows is a mistake to be told of. An agent may be newer than its server: what it says besides is let be. */
function strict(body: TSchema, access: Route['access']): TSchema {
  return access === 'agent' ? body : { ...body, additionalProperties: false }
}

/** Answers are typed where they are made; the schema of an answer documents it, and must not drop or refuse anything. */
function documented(response: NonNullable<Route['response']>): unknown {
  if (typeof response === 'object')
    return { description: 'Success', content: { 'application/json': { schema: response } } }
  // a manifest is read as the structure that it is
  const schema = response === 'yaml' ? {} : { type: 'string' }
  return { description: 'Success', content: { [DOCUMENTS[response]]: { schema } } }
}

const DOCUMENTS = {
  yaml: 'application/yaml',
  html: 'text/html',
  xml: 'application/xml',
  events: 'text/event-stream'
} as const

interface Exchange {
  request: FastifyRequest
  reply: FastifyReply
  caller: Caller
  closing: Closing
}

function callOf({ request, reply, caller, closing }: Exchange): Call {
  const gone = new AbortController()
  reply.raw.on('close', () => gone.abort())
  return {
    params: request.params as Record<string, string>,
    query: request.query as Record<string, unknown>,
    body: request.body ?? null,
    headers: request.headers,
    user: caller.user as Call['user'],
    infrastructure: caller.infrastructure ?? '',
    address: clientAddress(request),
    signal: AbortSignal.any([gone.signal, closing.signal])
  }
}

function send(reply: FastifyReply, route: Route, answer: Answer, api: ApiOptions): FastifyReply {
  if (answer.cookie === null) reply.clearCookie(SESSION_COOKIE, { path: '/' })
  else if (answer.cookie !== undefined) {
    const secure = api.publicUrl.protocol === 'https:'
    reply.setCookie(SESSION_COOKIE, answer.cookie, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge: SESSION_SECONDS
    })
  }
  reply.code(answer.status ?? route.status).headers({ 'cache-control': 'no-store', ...answer.headers })
  if (answer.body === undefined) return reply.send()
  return answer.headers?.['content-type']
    ? reply.send(answer.body)
    : reply.type('application/json').send(JSON.stringify(answer.body))
}

async function openStream(open: {
  request: FastifyRequest
  reply: FastifyReply
  caller: Caller
  api: ApiOptions
  hub: StreamHub
}): Promise<FastifyReply> {
  const { project } = open.request.query as { project: string }
  const { accounts } = open.api
  const { user } = open.caller
  const isMember = async () => user !== null && (await accounts.roleOf(user.id, project)) !== null
  if (user === null || !(await isMember())) return sendProblem(open.reply, notFound(open.request))
  const mayRead = async () => (await accounts.isLive(user.sessionId)) && (await isMember())
  open.hub.add(open.reply, { project, mayRead })
  return open.reply
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = fromFastify(error) ?? toAppError(error)
  if (known.kind === 'bug')
    request.log.error({ err: error, request: request.id, route: request.routeOptions.url }, 'a request failed')
  return sendProblem(reply, known)
}
