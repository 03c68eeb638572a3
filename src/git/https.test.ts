import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type Authority,
  type KeyAndCertificate,
  makeAuthority,
  makeSelfSigned
} from '../../test/harness/certificates.ts'
import { startHttpProxy, type TunnelProxy } from '../../test/harness/http-proxy.ts'
import { type GitServer, startGitServer } from '../demo/git-server.ts'
import { createOutbound, type EgressRules, type HttpProxy, parseProxy } from '../outbound/index.ts'
import { Redactor, Secret, silentLogger } from '../platform/index.ts'
import { createGit } from './create-git.ts'
import type { Git, GitRemote } from './git.ts'

const TOKEN = 'token-of-the-https-hosts'
const LOGIN = 'paula:p&ss wörd'

let folder: string
let authority: Authority
let server: GitServer
const opened: { close(): Promise<unknown> }[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-https-'))
  authority = await makeAuthority(folder, 'Authority of the house')
  server = await serve(await authority.issue())
  await server.createRepository('shop', { branch: 'main' })
}, 30_000)
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

function serve(tls: KeyAndCertificate): Promise<GitServer> {
  return startGitServer({ folder: join(folder, 'remote'), token: TOKEN, tls })
}

function gitWith(rules: Partial<EgressRules> = {}): Git {
  const outbound = createOutbound({ allow: ['127.0.0.1'], ownPorts: [], ...rules })
  const redactor = new Redactor()
  const path = process.env.PATH ?? ''
  const git = createGit({ folder: join(folder, 'stores'), outbound, redactor, log: silentLogger(), path })
  opened.push(outbound, git)
  return git
}

function remote(more: Partial<GitRemote> = {}): GitRemote {
  return { url: server.url('shop'), username: 'x', token: new Secret(TOKEN), ca: authority.pem, ...more }
}

/** Pushes a first commit of its own to a new branch, and fetches it again. */
async function walk(git: Git, to: GitRemote, branch: string): Promise<void> {
  const author = { name: 'Dana', email: 'dana@example.com' }
  const changes = [{ path: 'litmus/p/a.yaml', text: branch }]
  const commit = { changes, message: 'Begin', author, committer: author, at: new Date('2026-01-02T03:04:05Z') }
  const [id = ''] = await git.writeCommits('own', null, [commit])
  expect(await git.push(to, 'own', { branch, commit: id, expected: null })).toEqual({ kind: 'pushed' })
  expect(await git.tip(to, branch)).toEqual({ kind: 'tip', commit: id })
  expect(await git.fetch(to, branch, 'another')).toBe(id)
}

describe('an authority of one’s own', () => {
  it('is trusted by the tip check and by git alike, and leaves no file', async () => {
    await walk(gitWith(), remote(), 'own-ca')
    const left = await readdir(join(folder, 'stores', 'home'))
    expect(left).toEqual([])
  })

  it('counts for whoever has given it, and for nobody else', async () => {
    const git = gitWith()
    expect(await git.tip(remote(), 'none')).toMatchObject({ kind: 'missing-branch' })
    const stranger = remote({ ca: null })
    await expect(git.tip(stranger, 'main')).rejects.toMatchObject({
      code: 'git/certificate-untrusted',
      kind: 'stalled'
    })
    await expect(git.fetch(stranger, 'main', 'stranger')).rejects.toMatchObject({ code: 'git/certificate-untrusted' })
  })

  it('takes the place of all others', async () => {
    const other = await makeAuthority(folder, 'Another authority')
    const git = gitWith()
    const wrong = remote({ ca: other.pem })
    await expect(git.tip(wrong, 'main')).rejects.toMatchObject({ code: 'git/certificate-untrusted' })
    await expect(git.fetch(wrong, 'main', 'wrong')).rejects.toMatchObject({ code: 'git/certificate-untrusted' })
  })
})

describe('a certificate that is not right', () => {
  const hosts: [string, () => Promise<KeyAndCertificate>, string][] = [
    ['signed by itself', () => makeSelfSigned(folder), 'git/certificate-untrusted'],
    ['expired', () => authority.issue({ days: -1 }), 'git/certificate-expired'],
    ['of another name', () => authority.issue({ for: 'DNS:git.example.com' }), 'git/certificate-name']
  ]
  it.each(hosts)('%s: the step that fails says what to do', async (_what, make, code) => {
    const host = await serve(await make())
    opened.push(host)
    const git = gitWith()
    const to = remote({ url: host.url('shop') })
    await expect(git.tip(to, 'main')).rejects.toMatchObject({ code, kind: 'stalled' })
    const steps = await git.check(to, 'main')
    expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'url ok',
      'reach failed',
      'authentication skipped',
      'branch skipped',
      'write skipped'
    ])
    expect(steps[1]?.message).toMatch(/certificate of 127\.0\.0\.1.*(paste|renews|name)/)
  })

  it('signed by itself, and given as its own authority: trusted', async () => {
    const own = await makeSelfSigned(folder)
    const host = await serve(own)
    opened.push(host)
    await walk(gitWith(), remote({ url: host.url('shop'), ca: own.cert }), 'self-signed')
  })
})

describe('an HTTP proxy', () => {
  async function proxied(login = LOGIN): Promise<{ proxy: TunnelProxy; own: HttpProxy }> {
    const proxy = await startHttpProxy({ login: LOGIN })
    opened.push(proxy)
    const [username = '', password = ''] = login.split(':')
    const url = new URL(`http://127.0.0.1:${proxy.port}`)
    return { proxy, own: { url, username, password: new Secret(password) } }
  }

  it('of the project: tip check and git go through it, with its credential', async () => {
    const { proxy, own } = await proxied()
    const git = gitWith({ allow: ['127.0.0.1', `127.0.0.1:${proxy.port}`] })
    await walk(git, remote({ proxy: own }), 'by-proxy')
    const tunnels = proxy.asked.length
    // the tip check keeps its tunnel; push and fetch are processes of their own
    expect(tunnels).toBeGreaterThanOrEqual(3)
    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${server.port}`]))
    const [url] = await git.check(remote({ proxy: own }), 'by-proxy')
    expect(url?.message).toContain(`through the proxy 127.0.0.1:${proxy.port}`)
  })

  it('of the server: for all projects, but for the hosts that are excepted', async () => {
    const { proxy } = await proxied()
    const address = `http://paula:${encodeURIComponent('p&ss wörd')}@127.0.0.1:${proxy.port}`
    await walk(gitWith({ proxy: parseProxy(address) }), remote(), 'by-server-proxy')
    const tunnels = proxy.asked.length
    expect(tunnels).toBeGreaterThanOrEqual(3)
    await walk(gitWith({ proxy: parseProxy(address), noProxy: ['127.0.0.0/8'] }), remote(), 'around')
    expect(proxy.asked.length).toBe(tunnels)
  })

  it('that does not take the password: said so, and the password nowhere', async () => {
    const { proxy, own } = await proxied('paula:wrong-password')
    const git = gitWith({ allow: ['127.0.0.1', `127.0.0.1:${proxy.port}`] })
    const to = remote({ proxy: own })
    const refused = { code: 'git/proxy', kind: 'stalled' }
    await expect(git.tip(to, 'main')).rejects.toMatchObject(refused)
    await expect(git.fetch(to, 'main', 'refused')).rejects.toMatchObject(refused)
    const steps = await git.check(to, 'main')
    expect(steps.find(({ state }) => state === 'failed')).toMatchObject({ name: 'reach' })
    const thrown = await git.fetch(to, 'main', 'refused').catch((error: unknown) => error)
    expect(JSON.stringify([steps, thrown])).not.toContain('wrong-password')
  })

  it('that is not there: said which', async () => {
    const { proxy, own } = await proxied()
    await proxy.close()
    const git = gitWith({ allow: ['127.0.0.1', `127.0.0.1:${proxy.port}`] })
    const gone = { code: 'git/unreachable', kind: 'transient', message: expect.stringContaining(`${proxy.port}`) }
    await expect(git.tip(remote({ proxy: own }), 'main')).rejects.toMatchObject(gone)
    opened.splice(opened.indexOf(proxy), 1)
  })

  it('that a project chose without the admin is not used, nor is what lies behind one unjudged', async () => {
    const { own } = await proxied()
    const git = gitWith()
    await expect(git.tip(remote({ proxy: own }), 'main')).rejects.toMatchObject({ code: 'outbound/proxy-not-allowed' })
    const named = gitWith({ allow: [own.url.host] })
    await expect(named.tip(remote({ proxy: own }), 'main')).rejects.toMatchObject({ code: 'outbound/private-host' })
    const metadata = remote({ proxy: own, url: 'https://169.254.169.254/a/b' })
    await expect(named.tip(metadata, 'main')).rejects.toMatchObject({ code: 'outbound/blocked' })
  })
})
