import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuditItem, CreatedToken, User } from '../../src/contract/index.ts'
import { ApiClient } from '../../src/demo/api-client.ts'
import { newPerson, PASSWORD } from '../harness/people.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
})
afterAll(() => server.close())

const change = (login: string, body: { isAdmin?: boolean; active?: boolean; newOwner?: string }) =>
  server.api.put<User>(`/users/${login}`, body)
const last = { code: 'accounts/last-admin' }

it('sessions and tokens of a deactivated user end at once; reactivated, only the password is as it was', async () => {
  const ann = await newPerson(server, 'ann', { project: 'shop', role: 'executor' })
  const { secret } = await ann.post<CreatedToken>('/tokens', { name: 'mine', scopes: ['read'] })
  const byToken = async () =>
    (await fetch(new URL('/api/v1/projects', server.url), { headers: { authorization: `Bearer ${secret}` } })).status
  expect(await byToken()).toBe(200)
  expect(await change('ann', { active: false })).toMatchObject({ login: 'ann', deactivatedAt: expect.any(String) })
  await expect(ann.get('/session')).rejects.toMatchObject({ code: 'api/unauthenticated' })
  expect(await byToken()).toBe(401)
  await expect(ann.login('ann', PASSWORD)).rejects.toMatchObject({ code: 'accounts/deactivated' })
  await expect(ann.login('ann', `${PASSWORD}?`)).rejects.toMatchObject({ code: 'accounts/wrong-login' })
  expect(await change('ann', { active: true })).toMatchObject({ deactivatedAt: null })
  await ann.login('ann', PASSWORD)
  expect((await ann.overview('shop')) !== null).toBe(true)
  expect(await byToken()).toBe(401)
})

it('a session that begins while its user is being deactivated is none', async () => {
  const bob = await newPerson(server, 'bob')
  const session = await server.store.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .selectAll('sessions')
    .where('login', '=', 'bob')
    .executeTakeFirstOrThrow()
  await change('bob', { active: false })
  await server.store.db.insertInto('sessions').values(session).execute()
  await expect(bob.get('/session')).rejects.toMatchObject({ code: 'api/unauthenticated' })
})

it('there may be a second admin, and the last one stays, also when two unmake each other at once', async () => {
  await expect(change('admin', { active: false })).rejects.toMatchObject(last)
  await expect(change('admin', { isAdmin: false })).rejects.toMatchObject(last)
  const cleo = await newPerson(server, 'cleo')
  await expect(cleo.get('/users')).rejects.toMatchObject({ code: 'api/denied' })
  expect(await change('cleo', { isAdmin: true })).toMatchObject({ isAdmin: true })
  const both = await Promise.allSettled([
    change('cleo', { isAdmin: false }),
    cleo.put('/users/admin', { active: false })
  ])
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const users = await server.store.db.selectFrom('users').selectAll().where('isAdmin', '=', true).execute()
  expect(users.filter(({ deactivatedAt }) => deactivatedAt === null)).toHaveLength(1)
  // whoever is left puts admin back
  await cleo.put('/users/admin', { active: true }).catch(() => null)
  await server.api.login('admin', server.password)
  await change('admin', { isAdmin: true })
})

it('a deactivated owner is no owner to be left with', async () => {
  await newPerson(server, 'dora', { project: 'shop', role: 'owner' })
  await change('dora', { active: false })
  await expect(server.api.delete('/projects/shop/members/admin')).rejects.toMatchObject({ code: 'accounts/last-owner' })
  await server.api.delete('/projects/shop/members/dora')
})

it('the only owner of a project is not deactivated, unless it is said who takes over', async () => {
  const fay = await newPerson(server, 'fay')
  for (const id of ['fays', 'both']) await fay.post('/projects', { id, name: id })
  await newPerson(server, 'gus')
  await fay.post('/projects/both/members', { login: 'gus', role: 'owner' })
  const refused = { code: 'accounts/only-owner', message: expect.stringContaining('only owner of fays.') }
  await expect(change('fay', { active: false })).rejects.toMatchObject(refused)
  expect(await fay.get('/session')).toMatchObject({ user: { login: 'fay' } })
  const heir = (newOwner: string) => change('fay', { active: false, newOwner })
  await expect(heir('nobody')).rejects.toMatchObject({ code: 'accounts/unknown-login' })
  await expect(heir('fay')).rejects.toMatchObject({ code: 'accounts/bad-new-owner' })
  expect(await heir('gus')).toMatchObject({ deactivatedAt: expect.any(String) })
  const gus = new ApiClient(server.url)
  await gus.login('gus', PASSWORD)
  const { items } = await gus.get<{ items: AuditItem[] }>('/projects/fays/audit')
  expect(items[0]).toMatchObject({ action: 'member.inherit', target: 'gus', after: { insteadOf: 'fay' } })
})

it('every change is in the audit, before and after, and who is not there is told', async () => {
  await newPerson(server, 'eve')
  await change('eve', { isAdmin: true })
  await change('eve', { active: false })
  const rows = await server.store.db.selectFrom('audit').selectAll().where('target', '=', 'eve').execute()
  const changes = rows.filter(({ action }) => action === 'user.change')
  expect(changes.map(({ actor, before, after }) => [actor, before, after])).toEqual([
    ['admin', { isAdmin: false, active: true }, { isAdmin: true, active: true }],
    ['admin', { isAdmin: true, active: true }, { isAdmin: true, active: false }]
  ])
  await expect(change('nobody', { active: false })).rejects.toMatchObject({ code: 'accounts/unknown-login' })
  const stranger = new ApiClient(server.url)
  await expect(stranger.get('/users')).rejects.toMatchObject({ code: 'api/unauthenticated' })
})
