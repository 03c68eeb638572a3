import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuditItem } from '../../src/contract/index.ts'
import { ApiClient } from '../../src/demo/api-client.ts'
import { newPerson } from '../harness/people.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ env: { FAULTLINE_TRUSTED_PROXIES: '127.0.0.1' } })
  for (const id of ['shop', 'bank']) await server.api.post('/projects', { id, name: id })
  const ann = await newPerson(server, 'ann', { project: 'shop', role: 'owner' })
  await ann.post('/projects/shop/infrastructures', { name: 'laptop', kind: 'local' })
  await ann.put('/projects/shop/infrastructures/laptop', { environment: 'prod' })
  await server.api.post('/projects/shop/members', { login: 'nobody', role: 'viewer' }).catch(() => null)
  await server.api.put('/projects/bank/guardrails', {
    ...(await server.api.get<object>('/projects/bank/guardrails')),
    maxTargets: 3
  })
})
afterAll(() => server.close())

type Listed = { items: AuditItem[]; next: string | null }
const read = (path: string, by = server.api) => by.get<Listed>(path)
const actions = async (path: string) => (await read(path)).items.map(({ action }) => action)

it('a line has the address of the client, as a trusted proxy tells it', async () => {
  const answer = await fetch(new URL('/api/v1/session', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9, 192.0.2.7' },
    body: JSON.stringify({ login: 'admin', password: server.password })
  })
  expect(answer.status).toBe(200)
  const { items } = await read('/audit?actor=admin&action=session.begin&limit=1')
  expect(items[0]).toMatchObject({ actor: 'admin', address: '192.0.2.7', project: null, target: 'admin' })
})

it('the lines of a project are narrowed by who, what, time and any text', async () => {
  const path = '/projects/shop/audit'
  expect(await actions(`${path}?actor=ann&action=infrastructure`)).toEqual([
    'infrastructure.change',
    'infrastructure.create'
  ])
  expect(await actions(`${path}?action=infrastructure`)).toHaveLength(2)
  expect(await actions(`${path}?action=infrastructure.create`)).toEqual(['infrastructure.create'])
  expect(await actions(`${path}?action=infra`)).toEqual([])
  expect(await actions(`${path}?q=NON-PROD&action=infrastructure.change`)).toEqual(['infrastructure.change'])
  expect(await actions(`${path}?q=${encodeURIComponent('%')}`)).toEqual([])
  const [newest] = (await read(path)).items
  const at = encodeURIComponent(newest?.at ?? '')
  expect(await actions(`${path}?from=${at}`)).toHaveLength(1)
  expect(await actions(`${path}?to=${at}&action=infrastructure`)).toEqual(['infrastructure.create'])
  await expect(read(`${path}?from=yesterday`)).rejects.toMatchObject({ code: 'api/invalid' })
})

it('pages of a filter follow each other without a gap', async () => {
  const whole = (await read('/audit?q=o')).items.map(({ id }) => id)
  const paged: string[] = []
  let cursor: string | null = null
  do {
    const page: Listed = await read(`/audit?q=o&limit=3${cursor === null ? '' : `&cursor=${cursor}`}`)
    paged.push(...page.items.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== null)
  expect(paged).toEqual(whole)
  expect(whole.length).toBeGreaterThan(5)
})

it('the whole server’s is for admins alone, with what concerns no project', async () => {
  const ann = await newPerson(server, 'bea', { project: 'shop', role: 'owner' })
  await expect(read('/audit', ann)).rejects.toMatchObject({ code: 'api/denied' })
  const projects = new Set((await read('/audit?limit=200')).items.map(({ project }) => project))
  expect(projects).toEqual(new Set(['bank', 'shop', null]))
  expect(await actions('/audit?project=bank&action=guardrails')).toEqual(['guardrails.save'])
  expect((await read('/projects/shop/audit?project=bank').catch(() => ({ items: [] }))).items).not.toContainEqual(
    expect.objectContaining({ project: 'bank' })
  )
})

it('who comes, goes, and fails to come is kept; what was typed as a login is not', async () => {
  const stranger = new ApiClient(server.url)
  await expect(stranger.login('admin', 'wrong password 1')).rejects.toThrow()
  await expect(stranger.login('my-secret-password', 'wrong password 1')).rejects.toThrow()
  const refused = (await read('/audit?action=session.refuse')).items
  expect(refused.map(({ actor, target }) => [actor, target])).toEqual([
    ['system', 'unknown login'],
    ['admin', 'admin']
  ])
  const again = new ApiClient(server.url)
  await again.login('admin', server.password)
  await again.delete('/session')
  expect((await actions('/audit?action=session')).slice(0, 2)).toEqual(['session.end', 'session.begin'])
  expect(JSON.stringify((await read('/audit?limit=200')).items)).not.toContain('my-secret-password')
})

it('a change whose line cannot be written is no change', async () => {
  await server.store.db.schema.alterTable('audit').renameTo('audit_away').execute()
  await server.api.put('/projects/shop/infrastructures/laptop', { name: 'desk' }).catch(() => null)
  await server.store.db.schema.alterTable('audit_away').renameTo('audit').execute()
  const { items } = await server.api.get<{ items: { name: string }[] }>('/projects/shop/infrastructures')
  expect(items.map(({ name }) => name)).toEqual(['laptop'])
})
