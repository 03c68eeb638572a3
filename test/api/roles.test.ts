import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLE_MATRIX } from '../../src/accounts/index.ts'
import { API_PREFIX, type CreatedToken, ROUTES, type Route } from '../../src/contract/index.ts'
import { ROLES, type Role } from '../../src/domain/index.ts'
import { newPerson, sessionHeaders } from '../harness/people.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

/** Each route of a project × each role, with real sessions and with tokens that have every scope. */
let server: TestServer
const sessions = new Map<Role | 'stranger', Record<string, string>>()
const tokens = new Map<Role, string>()

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  for (const role of ROLES) {
    const person = await newPerson(server, role, { project: 'shop', role })
    sessions.set(role, await sessionHeaders(server, role))
    const wish = { name: role, scopes: ['read', 'edit', 'run', 'manage'] }
    tokens.set(role, (await person.post<CreatedToken>('/tokens', wish)).secret)
  }
  await newPerson(server, 'stranger')
  sessions.set('stranger', await sessionHeaders(server, 'stranger'))
})
afterAll(() => server.close())

const REFUSALS = ['api/denied', 'api/csrf', 'api/unauthenticated', 'api/token-denied', 'api/unknown-project']
const guarded = (Object.entries(ROUTES) as [string, Route][]).filter(([, { access }]) => typeof access === 'object')
const matrix: Record<string, readonly Role[]> = ROLE_MATRIX

/** Things that are not there, and bodies that say nothing: who is let in is told so, or changes nothing that matters. */
async function ask(route: Route, headers: Record<string, string>): Promise<{ status: number; code: string | null }> {
  const path = route.path.replace(':project', 'shop').replaceAll(/:\w+/g, 'x')
  const hasBody = route.body !== undefined
  const answer = await fetch(new URL(`${API_PREFIX}${path}`, server.url), {
    method: route.method,
    headers: {
      ...headers,
      ...(hasBody && { 'content-type': route.body === 'yaml' ? 'application/yaml' : 'application/json' })
    },
    ...(hasBody && { body: route.body === 'yaml' ? 'kind: Nothing' : '[]' }),
    signal: AbortSignal.timeout(30_000)
  })
  const { code = null } = (await answer.json().catch(() => ({}))) as { code?: string }
  return { status: answer.status, code }
}

describe.each(ROLES)('%s', (role) => {
  it.each(guarded)('%s', async (_id, route) => {
    const action = (route.access as { action: string }).action
    const mayIt = matrix[action]?.includes(role) === true
    const session = await ask(route, sessions.get(role) ?? {})
    const token = await ask(route, { authorization: `Bearer ${tokens.get(role)}` })
    for (const answer of [session, token]) {
      if (mayIt) expect(REFUSALS).not.toContain(answer.code)
      else expect(answer).toEqual({ status: 403, code: 'api/denied' })
      expect(answer.status).not.toBe(401)
      expect(answer.status).toBeLessThan(500)
    }
  })
})

it('a stranger is told of no project, whatever the route', async () => {
  for (const [id, route] of guarded) {
    const { status, code } = await ask(route, sessions.get('stranger') ?? {})
    expect([id, status, code]).toEqual([id, 404, 'api/unknown-project'])
  }
})

it('who is no admin of the server makes no users, whatever he owns', async () => {
  const admins = (Object.entries(ROUTES) as [string, Route][]).filter(([, { access }]) => access === 'admin')
  expect(admins.length).toBeGreaterThan(3)
  for (const [id, route] of admins) {
    expect([id, await ask(route, sessions.get('owner') ?? {})]).toEqual([id, { status: 403, code: 'api/denied' }])
  }
})
