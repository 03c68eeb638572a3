import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_PREFIX, ROUTES, type Route } from '../../src/contract/index.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'mine', name: 'Mine' })
})
afterAll(() => server.close())

const routes = Object.entries(ROUTES) as [string, Route][]

async function call(
  route: Route,
  options: { project?: string; headers?: Record<string, string> } = {}
): Promise<Response> {
  const path = route.path.replace(':project', options.project ?? 'mine').replaceAll(/:\w+/g, 'x')
  const query = route.path === '/stream' ? `?project=${options.project ?? 'mine'}` : ''
  const yaml = route.body === 'yaml'
  const hasBody = route.body !== undefined
  return fetch(new URL(`${API_PREFIX}${path}${query}`, server.url), {
    method: route.method,
    headers: { ...(hasBody && { 'content-type': yaml ? 'application/yaml' : 'application/json' }), ...options.headers },
    ...(hasBody && { body: '{ what a stranger sends is not even read' }),
    signal: AbortSignal.timeout(5_000)
  })
}

describe('every route denies whom it should', () => {
  const guarded = routes.filter(([, route]) => route.access !== 'public')

  it.each(guarded)('%s: 401 without a session or key', async (_id, route) => {
    expect((await call(route)).status).toBe(401)
  })

  it.each(guarded)('%s: 401 with a made-up one', async (_id, route) => {
    const headers = { cookie: 'faultline_session=made-up', authorization: 'Bearer made-up', 'x-csrf-token': 'made-up' }
    expect((await call(route, { headers })).status).toBe(401)
  })

  it('answers a stranger’s project as if it were not there', async () => {
    await expect(server.api.get('/projects/theirs/overview')).rejects.toMatchObject({ code: 'api/unknown-project' })
  })

  it('refuses a change without the token of the session, so no other site can make one', async () => {
    const { headers } = await login()
    const answer = await fetch(new URL(`${API_PREFIX}/projects`, server.url), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'forged', name: 'Forged' })
    })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'api/csrf' })
  })

  it('refuses another Host, so no other name can be bound to us', async () => {
    const { request } = await import('node:http')
    const status = await new Promise<number>((resolve, reject) => {
      const asked = request(new URL('/api/v1/session', server.url), { headers: { host: 'evil.example' } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      asked.on('error', reject).end()
    })
    expect(status).toBe(403)
  })

  it('sets a cookie that scripts cannot read', async () => {
    const { cookie } = await login()
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
  })
})

async function login(): Promise<{ cookie: string; headers: Record<string, string> }> {
  const answer = await fetch(new URL(`${API_PREFIX}/session`, server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'admin', password: server.password })
  })
  const cookie = answer.headers.get('set-cookie') ?? ''
  return { cookie, headers: { cookie: cookie.split(';')[0] ?? '' } }
}
