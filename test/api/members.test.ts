import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuditItem, CreatedInvitation, CreatedToken, Member, Session } from '../../src/contract/index.ts'
import { ApiClient } from '../../src/demo/api-client.ts'
import { newPerson, PASSWORD } from '../harness/people.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer
let serial = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

/** A project of the admin's. */
async function project(): Promise<{ id: string; path: string }> {
  const id = `p${++serial}`
  await server.api.post('/projects', { id, name: id })
  return { id, path: `/projects/${id}` }
}

const members = async (path: string) =>
  (await server.api.get<{ items: Member[] }>(`${path}/members`)).items.map(({ login, role }) => `${login} ${role}`)
const tokenOf = ({ link }: CreatedInvitation) => new URL(link).hash.slice(1)
const accept = (token: string, password = PASSWORD) =>
  new ApiClient(server.url).post('/invitations/accept', { token, password })

it('a user is added, gets another role, and is removed, with effect at once', async () => {
  const { id, path } = await project()
  const ann = await newPerson(server, 'ann')
  await expect(ann.overview(id)).rejects.toMatchObject({ code: 'api/unknown-project' })
  await server.api.post(`${path}/members`, { login: 'ann', role: 'viewer' })
  const { secret } = await ann.post<CreatedToken>('/tokens', { name: 'mine', scopes: ['edit'], project: id })
  const edits = () =>
    fetch(new URL(`/api/v1${path}/edits/x/discard`, server.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` }
    }).then(async (answer) => ((await answer.json()) as { code: string }).code)
  expect(await edits()).toBe('api/denied')
  await server.api.put(`${path}/members/ann`, { role: 'executor' })
  expect(await members(path)).toEqual(['admin owner', 'ann executor'])
  expect(await edits()).toBe('api/unknown-edit-request')
  await server.api.delete(`${path}/members/ann`)
  await expect(ann.overview(id)).rejects.toMatchObject({ code: 'api/unknown-project' })
  expect(await edits()).toBe('api/unknown-project')
  const { items } = await server.api.get<{ items: AuditItem[] }>(`${path}/audit`)
  expect(
    items.filter(({ target }) => target === 'ann').map(({ action, before, after }) => [action, before, after])
  ).toEqual([
    ['member.remove', { role: 'executor' }, null],
    ['member.set-role', { role: 'viewer' }, { role: 'executor' }],
    ['member.add', null, { role: 'viewer' }]
  ])
})

it('who is not there, or there already, is told in words', async () => {
  const { path } = await project()
  const add = (login: string) => server.api.post(`${path}/members`, { login, role: 'viewer' })
  await expect(add('nobody')).rejects.toMatchObject({ code: 'accounts/unknown-login' })
  await expect(add('admin')).rejects.toMatchObject({ code: 'accounts/member-already' })
  await newPerson(server, 'bob')
  await expect(server.api.delete(`${path}/members/bob`)).rejects.toMatchObject({ code: 'accounts/no-member' })
})

it('the last owner stays, also when two owners remove each other at once', async () => {
  const { id, path } = await project()
  const last = { code: 'accounts/last-owner' }
  await expect(server.api.delete(`${path}/members/admin`)).rejects.toMatchObject(last)
  await expect(server.api.put(`${path}/members/admin`, { role: 'viewer' })).rejects.toMatchObject(last)
  const cleo = await newPerson(server, 'cleo', { project: id, role: 'owner' })
  const both = await Promise.allSettled([
    server.api.delete(`${path}/members/cleo`),
    cleo.put(`${path}/members/admin`, { role: 'viewer' })
  ])
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const owners = await server.store.db.selectFrom('members').selectAll().where('projectId', '=', id).execute()
  expect(owners.filter(({ role }) => role === 'owner')).toHaveLength(1)
})

it('an invitation works once, with a password that only the invited knows', async () => {
  const { id } = await project()
  const wish = { login: 'dora', name: 'Dora', email: 'dora@example.com', membership: { project: id, role: 'executor' } }
  const invitation = await server.api.post<CreatedInvitation>('/invitations', wish)
  expect(await server.api.text('/invitations')).not.toContain(tokenOf(invitation))
  await expect(accept(tokenOf(invitation), 'short')).rejects.toMatchObject({ code: 'api/invalid' })
  const look = () => new ApiClient(server.url).post('/invitations/look', { token: tokenOf(invitation) })
  expect(await look()).toEqual(invitation.invitation)
  const both = await Promise.allSettled([accept(tokenOf(invitation)), accept(tokenOf(invitation))])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await expect(accept(tokenOf(invitation))).rejects.toMatchObject({ code: 'accounts/invitation-refused' })
  await expect(look()).rejects.toMatchObject({ code: 'accounts/invitation-refused' })
  const dora = new ApiClient(server.url)
  await dora.login('dora', PASSWORD)
  expect(await dora.get<Session>('/session')).toMatchObject({
    user: { login: 'dora', name: 'Dora', isAdmin: false },
    mustChangePassword: false,
    projects: [{ id, role: 'executor' }]
  })
  await expect(server.api.post('/invitations', wish)).rejects.toMatchObject({ code: 'accounts/login-taken' })
  const { db } = server.store
  const stored = await Promise.all([
    db.selectFrom('invitations').selectAll().execute(),
    db.selectFrom('audit').selectAll().execute(),
    db.selectFrom('users').selectAll().execute()
  ])
  for (const secret of [tokenOf(invitation), PASSWORD]) expect(JSON.stringify(stored)).not.toContain(secret)
})

it('an invitation that was withdrawn, renewed or has expired is refused', async () => {
  const invite = (login: string) => server.api.post<CreatedInvitation>('/invitations', { login, name: login })
  const refused = { code: 'accounts/invitation-refused' }
  const withdrawn = await invite('emil')
  await server.api.delete(`/invitations/${withdrawn.invitation.id}`)
  await expect(accept(tokenOf(withdrawn))).rejects.toMatchObject(refused)
  const [first, second] = [await invite('emil'), await invite('emil')]
  await expect(accept(tokenOf(first))).rejects.toMatchObject(refused)
  await server.store.db
    .updateTable('invitations')
    .set({ expiresAt: new Date(0) })
    .execute()
  await expect(accept(tokenOf(second))).rejects.toMatchObject(refused)
  await expect(accept('made-up')).rejects.toMatchObject(refused)
  await expect(invite('Émil')).rejects.toMatchObject({ code: 'accounts/bad-login' })
})

it('an admin invites into his own projects only', async () => {
  const fay = await newPerson(server, 'fay')
  await fay.post('/projects', { id: 'fays', name: 'Fay' })
  const wish = { login: 'gil', name: 'Gil', membership: { project: 'fays', role: 'owner' } }
  await expect(server.api.post('/invitations', wish)).rejects.toMatchObject({ code: 'api/unknown-project' })
})

it('a reset gives a password that must be changed, ends the sessions, and holds the tokens back', async () => {
  const hal = await newPerson(server, 'hal')
  const { secret } = await hal.post<CreatedToken>('/tokens', { name: 'mine', scopes: ['read'] })
  const { password } = await server.api.post<{ password: string }>('/users/hal/reset-password')
  const headers = { authorization: `Bearer ${secret}` }
  const byToken = await fetch(new URL('/api/v1/projects', server.url), { headers })
  expect(await byToken.json()).toMatchObject({ code: 'api/password-change-required' })
  await expect(hal.get('/session')).rejects.toMatchObject({ code: 'api/unauthenticated' })
  await hal.login('hal', password)
  await expect(hal.get('/projects')).rejects.toMatchObject({ code: 'api/password-change-required' })
  expect(await server.api.text('/users')).not.toContain(password)
})

it('the audit is read page by page, by owners, of this project alone', async () => {
  const [one, other] = [await project(), await project()]
  for (let days = 1; days <= 5; days++) {
    await server.api.put(`${one.path}/guardrails`, { allowedNamespaces: [], maxTargets: days, maxDurationSeconds: 60 })
  }
  type Page = { items: AuditItem[]; next: string | null }
  const first = await server.api.get<Page>(`${one.path}/audit?limit=4`)
  const second = await server.api.get<Page>(`${one.path}/audit?limit=4&cursor=${first.next}`)
  const all = [...first.items, ...second.items]
  expect(all.map(({ action }) => action)).toEqual([...Array(5).fill('guardrails.save'), 'project.create'])
  expect(all[0]).toMatchObject({ actor: 'admin', before: { maxTargets: 4 }, after: { maxTargets: 5 } })
  expect(second.next).toBeNull()
  expect((await server.api.get<Page>(`${other.path}/audit`)).items).toHaveLength(1)
})
