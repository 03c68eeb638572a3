import { afterAll, beforeAll, expect, it } from 'vitest'
import { API_PREFIX, type CreatedToken, ROUTES, type Route, type Session } from '../../src/contract/index.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'one', name: 'One' })
  await server.api.post('/projects', { id: 'two', name: 'Two' })
})
afterAll(() => server.close())

async function make(wish: object): Promise<CreatedToken> {
  return server.api.post<CreatedToken>('/tokens', { name: 'pipeline', ...wish })
}

async function by(secret: string, method: string, path: string, body?: object) {
  const answer = await fetch(new URL(`${API_PREFIX}${path}`, server.url), {
    method,
    headers: { authorization: `Bearer ${secret}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000)
  })
  const text = await answer.text()
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as { code?: string; detail?: string } }
}

it('a token acts for its user without cookie and CSRF token, within its scopes', async () => {
  const { token, secret } = await make({ scopes: ['edit'] })
  expect(secret).toMatch(/^flt_[\w-]{43}$/)
  expect(token).toMatchObject({ name: 'pipeline', scopes: ['edit'], project: null, lastUsedAt: null })
  expect((await by(secret, 'GET', '/projects/one/workflows')).status).toBe(200)
  expect((await by(secret, 'POST', '/projects/one/edits/nothing/discard')).body.code).toBe('api/unknown-edit-request')
  const run = await by(secret, 'POST', '/projects/one/runs', { workflow: 'x' })
  expect(run).toMatchObject({ status: 403, body: { code: 'api/token-denied', detail: expect.stringContaining('run') } })
  expect((await by(secret, 'POST', '/projects', { id: 'new', name: 'New' })).status).toBe(403)
})

it.each(['read', 'edit', 'run', 'manage'] as const)(
  'a token with the scope %s opens its routes alone',
  async (scope) => {
    const { secret } = await make({ scopes: [scope] })
    const wanted: Record<string, string> = {
      'project.read': 'read',
      'workflow.edit': 'edit',
      'run.start': 'run',
      'run.stop': 'run',
      'run.approve': 'run',
      'schedule.switch': 'run'
    }
    for (const [id, route] of Object.entries(ROUTES) as [string, Route][]) {
      if (typeof route.access !== 'object') continue
      const needs = wanted[route.access.action] ?? 'manage'
      const path = route.path.replace(':project', 'nowhere').replaceAll(/:\w+/g, 'x')
      const { body } = await by(secret, route.method, path)
      const open = needs === 'read' || needs === scope
      expect([id, body.code]).toEqual([id, open ? 'api/unknown-project' : 'api/token-denied'])
    }
  }
)

it('no token makes, lists or revokes tokens, changes a password or signs out', async () => {
  const { secret, token } = await make({ scopes: ['read', 'edit', 'run', 'manage'] })
  for (const [, route] of (Object.entries(ROUTES) as [string, Route][]).filter(
    ([, { access }]) => access === 'session'
  ))
    expect(await by(secret, route.method, route.path.replace(':token', token.id))).toMatchObject({
      status: 403,
      body: { code: 'api/token-denied' }
    })
})

it('a token for one project is none for the server, whatever project the address names besides', async () => {
  const { secret } = await make({ scopes: ['run', 'edit', 'manage'], project: 'one' })
  const refused = { status: 403, body: { code: 'api/token-denied' } }
  for (const [, { method, path, access }] of (Object.entries(ROUTES) as [string, Route][]).filter(
    ([, route]) => ['user', 'admin'].includes(String(route.access)) && route.method !== 'GET'
  ))
    expect([access, await by(secret, method, `${path.replaceAll(/:\w+/g, 'x')}?project=one`)]).toMatchObject([
      access,
      refused
    ])
  expect(await by(secret, 'GET', '/stream?project=two')).toMatchObject(refused)
})

it('a token for one project opens no other, and knows of no other', async () => {
  const { secret } = await make({ scopes: ['manage'], project: 'one' })
  expect((await by(secret, 'GET', '/projects/one/overview')).status).toBe(200)
  expect(await by(secret, 'GET', '/projects/two/overview')).toMatchObject({
    status: 403,
    body: { code: 'api/token-denied' }
  })
  expect((await by(secret, 'GET', '/stream?project=two')).status).toBe(403)
  expect((await by(secret, 'POST', '/projects', { id: 'new', name: 'New' })).status).toBe(403)
  const session = (await by(secret, 'GET', '/session')).body as unknown as Session
  expect(session.projects.map(({ id }) => id)).toEqual(['one'])
  await expect(make({ scopes: ['read'], project: 'theirs' })).rejects.toMatchObject({ code: 'api/unknown-project' })
})

it('a revoked and an expired token are not known any more', async () => {
  const [revoked, expired] = [await make({ scopes: ['read'] }), await make({ scopes: ['read'], days: 1 })]
  expect((await by(revoked.secret, 'GET', '/session')).status).toBe(200)
  await server.api.delete(`/tokens/${revoked.token.id}`)
  expect((await by(revoked.secret, 'GET', '/session')).status).toBe(401)
  await expect(server.api.delete(`/tokens/${revoked.token.id}`)).rejects.toMatchObject({
    code: 'accounts/unknown-token'
  })
  const { db } = server.store
  await db
    .updateTable('apiTokens')
    .set({ expiresAt: new Date(0) })
    .where('id', '=', expired.token.id)
    .execute()
  expect((await by(expired.secret, 'GET', '/session')).status).toBe(401)
})

it('the secret is in no later answer and not in the database; its making, use and end are on record', async () => {
  const { secret, token } = await make({ scopes: ['read'], name: 'on record' })
  await by(secret, 'GET', '/projects')
  const list = await server.api.text('/tokens')
  expect(list).not.toContain(secret)
  const listed = (JSON.parse(list) as { items: { id: string; lastUsedAt: string | null }[] }).items
  expect(listed.find(({ id }) => id === token.id)?.lastUsedAt).not.toBeNull()
  await server.api.delete(`/tokens/${token.id}`)
  const { db } = server.store
  const audit = await db.selectFrom('audit').selectAll().where('target', '=', 'on record').orderBy('id').execute()
  expect(audit.map(({ action, actor }) => [actor, action])).toEqual([
    ['admin', 'token.create'],
    ['admin', 'token.revoke']
  ])
  const tokens = await db.selectFrom('apiTokens').selectAll().execute()
  expect(JSON.stringify([audit, tokens])).not.toContain(secret.slice(4))
})

it('a token needs a scope, a name, and an end within a year', async () => {
  for (const wish of [
    { scopes: [] },
    { scopes: ['all'] },
    { scopes: ['read'], name: '' },
    { scopes: ['read'], days: 366 }
  ])
    await expect(make(wish)).rejects.toMatchObject({ code: 'api/invalid' })
})

it('null in a body is null, and a number that is written as a text is refused', async () => {
  const { token } = await make({ scopes: ['read'], project: null })
  expect(token.project).toBeNull()
  await expect(make({ scopes: ['read'], days: '30' })).rejects.toThrow(/days/)
})
