import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckResult, CreatedToken, Gitops } from '../../src/contract/index.ts'
import { type GitServer, startGitServer } from '../../src/demo/git-server.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { type Authority, makeAuthority } from '../harness/certificates.ts'
import { freePort } from '../harness/free-port.ts'
import { startHttpProxy, type TunnelProxy } from '../harness/http-proxy.ts'
import { inGit, startTestServer, type TestServer } from '../harness/server.ts'

/** A project whose git host has a certificate of the house, and is reached through a proxy that asks for a password. */
const PASSWORD = 'hush/hush?42'

let server: TestServer
let authority: Authority
let host: GitServer
let proxy: TunnelProxy

beforeAll(async () => {
  const port = await freePort()
  server = await startTestServer({ allow: [`127.0.0.1:${port}`] })
  authority = await makeAuthority(server.folder, 'Authority of the house')
  const tls = await authority.issue()
  host = await startGitServer({ folder: `${server.folder}/https`, token: server.gitToken, port: server.otherPort, tls })
  proxy = await startHttpProxy({ login: `paula:${PASSWORD}`, port })
})
afterAll(async () => {
  await server.close()
  await proxy.close()
  await host.close()
})

async function newProject(project: string) {
  await host.createRepository(project, { branch: 'main' })
  await server.api.post('/projects', { id: project, name: project })
  const settings = { url: host.url(project), branch: 'main', token: server.gitToken, pollSeconds: 3600 }
  const save = (more: object) => server.api.put<Gitops>(`/projects/${project}/gitops`, { ...settings, ...more })
  const test = (more: object) =>
    server.api.post<CheckResult>(`/projects/${project}/gitops/test`, { ...settings, ...more })
  return { save, test }
}

const failing = ({ steps }: CheckResult) => steps.find(({ state }) => state === 'failed')

describe('an https host with an authority of one’s own', () => {
  it('is explained by the test, trusted once its authority is given, and synced with', async () => {
    const { save, test } = await newProject('own-ca')
    expect(failing(await test({}))).toMatchObject({
      name: 'reach',
      message: expect.stringMatching(/signed by an authority.*paste that authority’s certificate/)
    })
    expect((await test({ ca: authority.pem })).ok).toBe(true)
    const saved = await save({ ca: `Of the house:\n${authority.pem}` })
    expect(saved.ca).toEqual([
      { subject: 'CN=Authority of the house', expiresAt: expect.any(String), fingerprint: expect.any(String) }
    ])
    await server.api.post('/projects/own-ca/gitops/enable', { create: true })
    await server.api.createWorkflow('own-ca', shopWorkflow('one'), 'Add one')
    await inGit(server, 'own-ca', 'one', shopWorkflow('one'))
  })

  it('what is no authority is refused with the reason', async () => {
    const { save } = await newProject('bad-ca')
    const refused = { code: 'outbound/bad-certificate' }
    await expect(save({ ca: 'mine' })).rejects.toMatchObject(refused)
    const { key, cert } = await authority.issue()
    await expect(save({ ca: key })).rejects.toMatchObject(refused)
    await expect(save({ ca: cert })).rejects.toThrow(/no authority: it was issued by CN=Authority of the house/)
    expect((await save({ ca: authority.pem })).ca).toHaveLength(1)
    expect((await save({ ca: null })).ca).toEqual([])
  })
})

describe('a proxy of the project', () => {
  const login = () => ({ url: `http://127.0.0.1:${proxy.port}`, username: 'paula', password: PASSWORD })

  it('carries everything, and its password is seen nowhere', async () => {
    const { save, test } = await newProject('proxied')
    const ca = authority.pem
    expect(failing(await test({ ca, proxy: { ...login(), password: 'wrong' } }))).toMatchObject({
      name: 'reach',
      message: expect.stringMatching(/proxy 127\.0\.0\.1:\d+ asks for a user name and password/)
    })
    expect((await test({ ca, proxy: login() })).ok).toBe(true)
    const saved = await save({ ca, proxy: login() })
    expect(saved.proxy).toEqual({ url: login().url, username: 'paula', hasPassword: true })
    const asked = proxy.asked.length
    await server.api.post('/projects/proxied/gitops/enable', { create: true })
    await server.api.createWorkflow('proxied', shopWorkflow('one'), 'Add one')
    await inGit(server, 'proxied', 'one', shopWorkflow('one'))
    expect(proxy.asked.length).toBeGreaterThan(asked)
    const shown = await Promise.all(
      ['gitops', 'gitops/passes', 'audit'].map((path) => server.api.text(`/projects/proxied/${path}`))
    )
    for (const form of [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`paula:${PASSWORD}`).toString('base64')])
      expect(shown.join()).not.toContain(form)
    expect(shown.join()).toContain('hasPassword')
  })

  it('keeps its password for itself: another proxy, or another user, starts without', async () => {
    const { save } = await newProject('moving')
    const { url, username } = login()
    await save({ proxy: login() })
    expect((await save({})).proxy).toEqual({ url, username, hasPassword: true })
    expect((await save({ proxy: { url } })).proxy).toEqual({ url, username, hasPassword: true })
    expect((await save({ proxy: { url, username: 'peter' } })).proxy).toEqual({
      url,
      username: 'peter',
      hasPassword: false
    })
    await save({ proxy: login() })
    const elsewhere = 'http://127.0.0.1:1'
    expect((await save({ proxy: { url: elsewhere } })).proxy).toEqual({
      url: elsewhere,
      username: '',
      hasPassword: false
    })
    expect((await save({ proxy: null })).proxy).toBeNull()
  })

  it('is refused with a login in its address, and unless the admin has named it', async () => {
    const { save, test } = await newProject('unnamed')
    await expect(save({ proxy: { url: 'http://a:b@127.0.0.1:1' } })).rejects.toMatchObject({
      code: 'sync/login-in-proxy'
    })
    await expect(save({ proxy: { url: 'socks5://127.0.0.1:1' } })).rejects.toMatchObject({ code: 'outbound/bad-proxy' })
    expect(failing(await test({ proxy: { url: 'http://127.0.0.1:1' } }))).toMatchObject({
      name: 'url',
      message: expect.stringContaining('FAULTLINE_EGRESS_ALLOW=127.0.0.1:1')
    })
  })
})

it('the user name that goes with a token is the one that the provider wants, unless another is given', async () => {
  const seen: (string | null)[] = []
  const { save, test } = await newProject('provider')
  await test({ ca: authority.pem })
  seen.push(host.lastUser())
  await test({ ca: authority.pem, provider: 'github' })
  seen.push(host.lastUser())
  await test({ ca: authority.pem, provider: 'gitlab', username: 'me' })
  seen.push(host.lastUser())
  expect(seen).toEqual(['git', 'x-access-token', 'me'])
  expect((await save({ provider: 'gitea' })).provider).toBe('gitea')
  expect((await save({ provider: null })).provider).toBeNull()
})

it('a test of the connection tells each step as it ends, also while the next one hangs', async () => {
  await server.api.post('/projects', { id: 'steps', name: 'Steps' })
  const { secret } = await server.api.post<CreatedToken>('/tokens', { name: 'steps', scopes: ['manage'] })
  const ask = (body: object) =>
    fetch(new URL('/api/v1/projects/steps/gitops/test', server.url), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        accept: 'application/x-ndjson',
        'content-type': 'application/json'
      },
      body: JSON.stringify(body)
    })
  const settings = { url: host.url('provider'), branch: 'main', token: server.gitToken, ca: authority.pem }
  host.hang(true)
  const answer = await ask(settings)
  const reader = (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
  const { value: first = '' } = await reader.read()
  expect(
    first
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).name)
  ).toEqual(['url'])
  host.hang(false)
  await reader.cancel()
  const lines = (await (await ask(settings)).text()).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).name)).toEqual(['url', 'reach', 'authentication', 'branch', 'write'])
  const refused = await ask({ ...settings, url: 'no address' })
  expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'git/bad-url' }])
})
