import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gitops } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer
let person: Clone
let hook: { secret: string; path: string }

beforeAll(async () => {
  server = await startTestServer()
  person = await cloneOf(server, await connectProject(server, 'shop', { pollSeconds: 3600 }))
  hook = await server.api.post('/projects/shop/gitops/hook-secret')
})
afterAll(() => server.close())

const BODY = JSON.stringify({ ref: 'refs/heads/main', after: 'c0ffee' })
const sign = (body: string, secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

async function knock(headers: Record<string, string>, more: { body?: string; path?: string } = {}): Promise<number> {
  const answer = await fetch(new URL(more.path ?? hook.path, server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: more.body ?? BODY
  })
  return answer.status
}

/** A body that does not say how long it is. */
function sizeless(bytes: number): Promise<number | string | undefined> {
  return new Promise((done) => {
    const call = request(new URL(hook.path, server.url), { method: 'POST' }, (answer) =>
      done(answer.resume().statusCode)
    )
    call.on('error', (error: NodeJS.ErrnoException) => done(error.code))
    call.flushHeaders()
    call.end(Buffer.alloc(bytes))
  })
}

const heardAt = async () => (await server.api.get<Gitops>('/projects/shop/gitops')).hook.heardAt

describe('a webhook', () => {
  it.each([
    ['GitHub, Gitea and Forgejo', () => ({ 'x-hub-signature-256': sign(BODY, hook.secret), 'x-github-event': 'push' })],
    ['Bitbucket', () => ({ 'x-hub-signature': sign(BODY, hook.secret), 'x-event-key': 'repo:push' })],
    ['GitLab', () => ({ 'x-gitlab-token': hook.secret })],
    [
      'a script of one’s own',
      () => ({ 'x-faultline-signature': sign(BODY, hook.secret), 'content-type': 'text/plain' })
    ]
  ])('of %s makes a push visible at once', async (who, headers) => {
    const name = who.toLowerCase().replaceAll(/[^a-z]+/g, '-')
    await person.push(`litmus/shop/${name}.yaml`, shopWorkflow(name), `Add ${name}`)
    expect(await knock(headers())).toBe(202)
    await inGit(server, 'shop', name, shopWorkflow(name))
    expect(await heardAt()).not.toBeNull()
  })

  it('that is repeated, or comes where GitOps is off, does no harm', async () => {
    for (let again = 0; again < 20; again++) expect(await knock({ 'x-gitlab-token': hook.secret })).toBe(202)
    await server.api.post('/projects', { id: 'off', name: 'Off' })
    const off = await server.api.post<typeof hook>('/projects/off/gitops/hook-secret')
    expect(await knock({ 'x-gitlab-token': off.secret }, off)).toBe(202)
  })

  it('whose secret was replaced is heard no more', async () => {
    const before = hook.secret
    hook = await server.api.post('/projects/shop/gitops/hook-secret')
    expect(await knock({ 'x-gitlab-token': before })).toBe(401)
    expect(await knock({ 'x-gitlab-token': hook.secret })).toBe(202)
  })
})

describe('whoever does not know the secret', () => {
  it.each<[string, () => Record<string, string>, { body?: string; path?: string }]>([
    ['sends nothing', () => ({}), {}],
    ['sends an empty one', () => ({ 'x-gitlab-token': '', 'x-hub-signature-256': '' }), {}],
    ['guesses', () => ({ 'x-hub-signature-256': sign(BODY, 'guess') }), {}],
    ['changes what was signed', () => ({ 'x-hub-signature-256': sign(BODY, hook.secret) }), { body: `${BODY} ` }],
    ['uses the weak old signature', () => ({ 'x-hub-signature': `sha1=${'a'.repeat(40)}` }), {}],
    ['means another project', () => ({ 'x-gitlab-token': hook.secret }), { path: '/api/v1/hooks/git/other' }],
    ['means one without a secret', () => ({ 'x-gitlab-token': '' }), { path: '/api/v1/hooks/git/none' }]
  ])('and %s is not heard, with one and the same answer', async (_what, headers, more) => {
    for (const id of ['other', 'none']) await server.api.post('/projects', { id, name: id }).catch(() => undefined)
    await server.api.post('/projects/other/gitops/hook-secret')
    const before = await heardAt()
    expect(await knock(headers(), more)).toBe(401)
    expect(await knock(headers(), { ...more, path: '/api/v1/hooks/git/nobody-has-this' })).toBe(401)
    expect(await heardAt()).toBe(before)
  })

  it('does not fill the memory', async () => {
    const body = 'x'.repeat(26 * 1024 * 1024)
    expect(await knock({ 'x-gitlab-token': hook.secret }, { body }).catch(() => 413)).toBe(413)
  })

  it('does not fill the memory with many bodies that do not end', async () => {
    const part = Buffer.alloc(1024 * 1024)
    const before = process.memoryUsage().arrayBuffers
    const calls = Array.from({ length: 16 }, () => {
      const call = request(new URL('/api/v1/hooks/git/nobody', server.url), { method: 'POST' })
      return call.on('error', () => undefined)
    })
    for (let sent = 0; sent < 10; sent++)
      await Promise.all(calls.map((call) => new Promise((done) => call.write(part, done))))
    const held = process.memoryUsage().arrayBuffers - before
    for (const call of calls) call.destroy()
    const [endless] = await Promise.all([sizeless(30 * part.length), heardAt()])
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(endless)
    expect(held).toBeLessThan(50 * 1024 * 1024)
  })
})

it('what was heard last and what was not is shown to the people of the project, with the address', async () => {
  const hookOf = () => server.api.gitops('shop').then((gitops) => gitops.hook)
  expect((await hookOf()).url).toBe(new URL(hook.path, server.url).href)
  hook = await server.api.post('/projects/shop/gitops/hook-secret')
  expect(await hookOf()).toMatchObject({ refusedAt: null, refusal: null })
  await knock({})
  await settles(() => hookOf().then(({ refusal }) => refusal)).toContain('no signature')
  await knock({ 'x-gitlab-token': hook.secret, 'x-gitlab-event': 'Push Hook' })
  expect(await hookOf()).toMatchObject({ event: 'Push Hook' })
  await knock({ 'x-gitlab-token': hook.secret, 'x-gitlab-event': '<img src=x>' })
  expect((await hookOf()).event).toBeNull()
})

it('a webhook that announced a change stretches polling, until a change comes without it', async () => {
  const clone = await cloneOf(server, await connectProject(server, 'calm', { pollSeconds: 30 }))
  const own = await server.api.post<typeof hook>('/projects/calm/gitops/hook-secret')
  const every = () => server.api.gitops('calm').then(({ pollsEvery }) => pollsEvery)
  await clone.push('litmus/calm/one.yaml', shopWorkflow('one'), 'Add one')
  expect(await knock({ 'x-gitlab-token': own.secret }, own)).toBe(202)
  await inGit(server, 'calm', 'one', shopWorkflow('one'))
  await settles(every).toBe(300)

  await server.api.put('/projects/calm/gitops', { url: server.git.url('calm'), branch: 'main', pollSeconds: 1 })
  expect(await every()).toBe(10)
  await clone.push('litmus/calm/two.yaml', shopWorkflow('two'), 'Add two, unannounced')
  await settles(async () => {
    await server.store.db
      .updateTable('syncState')
      .set({ nextCheckAt: new Date(0) })
      .execute()
    return every()
  }).toBe(1)
  await inGit(server, 'calm', 'two', shopWorkflow('two'))
})

it('the secret is in no later answer', async () => {
  expect(JSON.stringify(await server.api.get('/projects/shop/gitops'))).not.toContain(hook.secret)
  expect(await server.api.get('/projects/shop/gitops')).toMatchObject({ hook: { hasSecret: true } })
})
