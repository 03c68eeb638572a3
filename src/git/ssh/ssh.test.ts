import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SshServer, startSshServer } from '../../../test/harness/ssh-server.ts'
import { createOutbound } from '../../outbound/index.ts'
import { Redactor, Secret, silentLogger } from '../../platform/index.ts'
import { createGit } from '../create-git.ts'
import type { Git, GitRemote, NewCommit } from '../git.ts'
import { parseHostKeys } from './host-keys.ts'
import { isSshAddress, parseSshAddress, sshUrl } from './ssh-address.ts'

const run = promisify(execFile)
let folder: string
let server: SshServer
let git: Git
let key: Secret

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-ssh-'))
  server = await startSshServer(join(folder, 'remote'))
  const outbound = createOutbound({ allow: [`127.0.0.1:${server.port}`], ownPorts: [] })
  const common = { redactor: new Redactor(), log: silentLogger(), path: process.env.PATH ?? '' }
  git = createGit({ ...common, folder: join(folder, 'stores'), outbound })
  const pair = await git.generateKey('faultline shop')
  key = pair.privateKey
  expect(pair.publicKey).toMatch(/^ssh-ed25519 \S+ faultline shop$/)
  await server.authorize(pair.publicKey)
})
afterAll(async () => {
  await git.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function remote(name: string, privateKey = key, passphrase: Secret | null = null): Promise<GitRemote> {
  const hostKeys = parseHostKeys(await server.hostKey())
  return { url: server.url(name), username: '', token: null, ssh: { privateKey, passphrase, hostKeys } }
}

/** One commit on top of `parent`; answers its id. */
async function write(repo: string, { parent, ...commit }: NewCommit & { parent: string | null }): Promise<string> {
  const [id = ''] = await git.writeCommits(repo, parent, [commit])
  return id
}

const DANA = { name: 'Dana', email: 'dana@example.com' }
const first = (text: string) => ({
  parent: null,
  changes: [{ path: 'litmus/p/a.yaml', text }],
  message: 'Begin',
  author: DANA,
  committer: DANA,
  at: new Date('2026-01-02T03:04:05Z')
})

const steps = async (to: GitRemote) =>
  Object.fromEntries((await git.check(to, 'main')).map(({ name, state, message }) => [name, `${state}: ${message}`]))

describe('over SSH, with a generated key', () => {
  it('tips, pushes and fetches as over HTTP', async () => {
    await server.createRepository('shop')
    const to = await remote('shop')
    expect(await git.tip(to, 'main')).toEqual({ kind: 'empty' })
    const commit = await write('shop', first('text ä\n'))
    expect(await git.push(to, 'shop', { branch: 'main', commit, expected: null })).toEqual({ kind: 'pushed' })
    expect(await git.tip(to, 'main')).toEqual({ kind: 'tip', commit })
    expect(await git.tip(to, 'other')).toEqual({ kind: 'missing-branch', branches: 1 })
    expect(await git.defaultBranch(to)).toBe('main')
    expect(await git.fetch(to, 'main', 'another-store')).toBe(commit)
    const other = await write('shop', { ...first('other'), message: 'Another beginning' })
    expect(await git.push(to, 'shop', { branch: 'main', commit: other, expected: null })).toEqual({ kind: 'race' })
  })

  it('keeps the connection: the second request needs no login', async () => {
    const to = await remote('shop')
    await git.tip(to, 'main')
    const logins = await server.logins()
    expect(logins).toBeGreaterThan(0)
    await git.tip(to, 'main')
    await git.tip(to, 'main')
    expect(await server.logins()).toBe(logins)
  })

  it('leaves no key behind on the disk', async () => {
    await git.tip(await remote('shop'), 'main')
    const files = await readdir(join(folder, 'stores'), { recursive: true, withFileTypes: true })
    const texts = files
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), 'latin1'))
    expect((await Promise.all(texts)).filter((text) => text.includes('PRIVATE KEY'))).toEqual([])
  })

  it('tests the connection step by step, with the host key as a step of its own', async () => {
    expect(await steps(await remote('shop'))).toEqual({
      url: expect.stringMatching(/^ok/),
      reach: 'ok: The SSH server answers.',
      'host-key': expect.stringMatching(/^ok: The host shows the confirmed key SHA256:/),
      authentication: 'ok: The repository can be read with this key.',
      branch: 'ok: The branch main is there.',
      write: 'ok: Pushing is allowed.'
    })
  })
})

describe('what can be wrong', () => {
  it('a host whose key nobody has confirmed is not spoken to; its fingerprint is shown', async () => {
    const to = await remote('shop')
    const unknown = { ...to, ssh: { privateKey: key, passphrase: null, hostKeys: [] } }
    await expect(git.tip(unknown, 'main')).rejects.toMatchObject({ code: 'git/host-key-unknown', kind: 'stalled' })
    const [shown] = await git.hostKeys(server.url('shop'))
    const said = await steps(unknown)
    expect(said['host-key']).toContain(`failed: The host shows ${shown?.fingerprint} (ssh-ed25519)`)
    expect(said.authentication).toBe('skipped: Not tested.')
    const { stdout } = await run('ssh-keygen', ['-lf', join(folder, 'remote/host_key.pub')])
    expect(stdout).toContain(shown?.fingerprint)
  })

  it('a key that the host does not know, and one that may only read', async () => {
    const stranger = await git.generateKey('stranger')
    const unknown = await remote('shop', stranger.privateKey)
    await expect(git.tip(unknown, 'main')).rejects.toMatchObject({ code: 'git/auth', kind: 'stalled' })
    expect((await steps(unknown)).authentication).toMatch(/^failed: .*add its public half/)
    const reader = await git.generateKey('reader')
    await server.authorize(reader.publicKey, { readOnly: true })
    const reading = await remote('shop', reader.privateKey)
    const said = await steps(reading)
    expect(said.authentication).toMatch(/^ok/)
    expect(said.write).toMatch(/^failed: .*write access/)
    const commit = await git.fetch(reading, 'main', 'reader')
    const push = { branch: 'new', commit, expected: null }
    expect(await git.push(reading, 'reader', push)).toMatchObject({ kind: 'rejected', code: 'git/read-only' })
  })

  it('a pasted key: with passphrase, with the wrong one, with none, and something else', async () => {
    const file = join(folder, 'own')
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame 42', '-C', 'own', '-f', file])
    const own = new Secret((await readFile(file, 'utf8')).replaceAll('\n', '\r\n'))
    const publicKey = await git.publicKey(own, new Secret('open sesame 42'))
    expect(publicKey).toBe((await readFile(`${file}.pub`, 'utf8')).trim())
    await server.authorize(publicKey)
    expect(await git.tip(await remote('shop', own, new Secret('open sesame 42')), 'main')).toMatchObject({
      kind: 'tip'
    })
    const locked = await remote('shop', own, new Secret('wrong'))
    await expect(git.tip(locked, 'main')).rejects.toMatchObject({ code: 'git/wrong-passphrase' })
    expect((await steps(locked)).authentication).toMatch(/^failed: The passphrase is not the one/)
    const broken = await remote('shop', new Secret('-----BEGIN OPENSSH PRIVATE KEY-----\nhalf'))
    await expect(git.tip(broken, 'main')).rejects.toMatchObject({ code: 'git/bad-key' })
    await expect(git.publicKey(own, new Secret('wrong'))).rejects.toMatchObject({ code: 'git/wrong-passphrase' })
    await expect(git.publicKey(own, null)).rejects.toMatchObject({ code: 'git/wrong-passphrase' })
    await expect(git.publicKey(new Secret('no key'), null)).rejects.toMatchObject({ code: 'git/bad-key' })
  })

  it('a repository that is not there', async () => {
    await expect(git.tip(await remote('nowhere'), 'main')).rejects.toMatchObject({ code: 'git/not-found' })
  })

  it('a host whose key has changed stalls until a person has looked', async () => {
    const to = await remote('shop')
    await server.changeHostKey()
    // a kept connection may answer once more; a new one does not
    await git.close()
    await expect(git.tip(to, 'main')).rejects.toMatchObject({ code: 'git/host-key-changed', kind: 'stalled' })
    expect((await steps(to))['host-key']).toMatch(/^failed: The host shows another key/)
    expect(await git.tip(await remote('shop'), 'main')).toMatchObject({ kind: 'tip' })
  })
})

describe('addresses', () => {
  it.each([
    ['git@example.com:team/repo.git', 'ssh://git@example.com/~/team/repo.git'],
    ['example.com:/srv/repo.git', 'ssh://git@example.com/srv/repo.git'],
    ['ssh://me@Example.com:2222/srv/repo.git', 'ssh://me@example.com:2222/srv/repo.git']
  ])('%s is %s', (text, url) => {
    expect(isSshAddress(text)).toBe(true)
    expect(sshUrl(parseSshAddress(text))).toBe(url)
  })

  it.each(['https://example.com/a.git', 'not an address'])('%s is none', (text) => {
    expect(isSshAddress(text)).toBe(false)
  })

  it.each([
    'git@-oProxyCommand=evil:x',
    'ssh://git@-oProxyCommand=evil/x',
    'git@example.com:-x',
    'ssh://git:secret@example.com/x',
    'git@example.com:a b',
    'git@example.com:$(evil)'
  ])('%s is refused', (text) => {
    expect(() => parseSshAddress(text)).toThrow(/address/)
  })
})
