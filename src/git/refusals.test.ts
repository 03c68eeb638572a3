import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GitServer, startGitServer } from '../demo/git-server.ts'
import { createOutbound } from '../outbound/index.ts'
import { Redactor, Secret, silentLogger } from '../platform/index.ts'
import { createGit, type GitOptions } from './create-git.ts'
import type { Git, GitRemote, NewCommit } from './git.ts'
import { parsePush } from './push-result.ts'

/** What a git host refuses, and what keeps it from answering: each has a code of its own, and says what to do. */
const TOKEN = 'token-of-the-refusals'

let folder: string
let server: GitServer
const opened: { close(): Promise<unknown> }[] = []
const hosts: Server[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-refusals-'))
  server = await startGitServer({ folder: join(folder, 'remote'), token: TOKEN })
})
afterEach(async () => {
  for (const host of hosts.splice(0)) await new Promise((resolve) => host.close(resolve).closeAllConnections())
  for (const one of opened.splice(0).reverse()) await one.close()
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function host(answer: RequestListener): Promise<string> {
  const made = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => made.once('listening', resolve))
  hosts.push(made)
  return `127.0.0.1:${(made.address() as AddressInfo).port}`
}

const answers =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end('no')

function gitFor(place: string, options: Partial<GitOptions> = {}): Git {
  const outbound = createOutbound({ allow: [place], ownPorts: [] })
  const common = { redactor: new Redactor(), log: silentLogger(), path: process.env.PATH ?? '' }
  const git = createGit({ folder: join(folder, 'stores'), outbound, ...common, ...options })
  opened.push(outbound, git)
  return git
}

const at = (place: string, repository = 'a/b'): GitRemote => ({
  url: `http://${place}/${repository}.git`,
  username: 'x',
  token: new Secret(TOKEN)
})

describe('a status that is no success', () => {
  it.each([
    [401, 'git/auth', 'stalled', /wrong, expired/, 'authentication'],
    [403, 'git/forbidden', 'stalled', /right to read and write/, 'authentication'],
    [404, 'git/not-found', 'stalled', /check the address/, 'authentication'],
    [418, 'git/bad-answer', 'stalled', /check the repository address/, 'reach'],
    [429, 'git/busy', 'transient', /fewer requests/, 'reach'],
    [500, 'git/host-error', 'transient', /tried again/, 'reach'],
    [503, 'git/host-error', 'transient', /tried again/, 'reach']
  ])('%i is %s, %s', async (status, code, kind, message, step) => {
    const place = await host(answers(status))
    const git = gitFor(place)
    await expect(git.tip(at(place), 'main')).rejects.toMatchObject({
      code,
      kind,
      message: expect.stringMatching(message)
    })
    const failed = (await git.check(at(place), 'main')).find(({ state }) => state === 'failed')
    expect(failed).toMatchObject({ name: step, message: expect.stringMatching(message) })
    const fetched = await git.fetch(at(place), 'main', `status-${status}`).catch((error: unknown) => error)
    if (status !== 418) expect(fetched).toMatchObject({ code, kind })
  })

  it('without a token: it is asked for one', async () => {
    const place = await host(answers(401))
    await expect(gitFor(place).tip({ ...at(place), token: null }, 'main')).rejects.toMatchObject({
      code: 'git/auth',
      message: expect.stringContaining('asks for a token')
    })
  })

  it('a redirect names where to, and that nothing went to another host', async () => {
    const place = await host((request, response) =>
      response.writeHead(301, { location: `https://git.example.com${request.url}` }).end()
    )
    await expect(gitFor(place).tip(at(place), 'main')).rejects.toMatchObject({
      code: 'git/redirect',
      message: expect.stringMatching(/https:\/\/git\.example\.com\/a\/b\.git: .*the token was not sent/)
    })
  })
})

describe('a host that asks for a pause', () => {
  it.each([403, 429, 503])('%i with Retry-After: nothing is sent before that, whoever asks', async (status) => {
    let asked = 0
    const place = await host((request, response) => {
      asked += 1
      answers(status, { 'retry-after': '3600' })(request, response)
    })
    const git = gitFor(place)
    const refused = await git.tip(at(place), 'main').catch((error: unknown) => error)
    const { retryAt } = (refused as { details: { retryAt: string } }).details
    expect(Date.parse(retryAt) - Date.now()).toBeGreaterThan(3_590_000)
    const before = asked
    await expect(git.tip(at(place, 'other'), 'main')).rejects.toMatchObject({ details: { retryAt } })
    await expect(git.fetch(at(place), 'main', 'paused')).rejects.toMatchObject({ details: { retryAt } })
    expect((await git.check(at(place), 'main'))[1]?.message).toContain('not to be asked again before')
    expect(asked).toBe(before)
    const other = { ...at(place), token: new Secret('another-token') }
    await expect(git.tip(other, 'main')).rejects.toBeDefined()
    expect(asked).toBeGreaterThan(before)
  })

  it('as a date, which counts only while it is to come', async () => {
    const past = await host(answers(429, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }))
    await expect(gitFor(past).tip(at(past), 'main')).rejects.toMatchObject({ details: {} })
    const date = new Date(Date.now() + 60_000).toUTCString()
    const coming = await host(answers(429, { 'retry-after': date }))
    const retryAt = new Date(date).toISOString()
    await expect(gitFor(coming).tip(at(coming), 'main')).rejects.toMatchObject({ details: { retryAt } })
  })
})

it('https where no TLS is spoken, and nobody at all: said in words', async () => {
  const place = await host(answers(200))
  const git = gitFor(place)
  const https = { ...at(place), url: `https://${place}/a/b.git` }
  const said = { code: 'git/unreachable', message: expect.stringContaining('no TLS is spoken there') }
  await expect(git.tip(https, 'main')).rejects.toMatchObject(said)
  await expect(git.fetch(https, 'main', 'no-tls')).rejects.toMatchObject({ code: 'git/unreachable' })
  const [gone] = hosts.splice(0)
  await new Promise((resolve) => gone?.close(resolve).closeAllConnections())
  const nobody = { code: 'git/unreachable', message: expect.stringContaining('nothing listens there') }
  await expect(git.tip(at(place), 'main')).rejects.toMatchObject(nobody)
})

it('a slow answer ends at its deadline', async () => {
  const place = await host((_request, response) => void response.writeHead(200).write('0'))
  const git = gitFor(place, { limits: { answerMs: 200 } })
  await expect(git.tip(at(place), 'main')).rejects.toMatchObject({ code: 'git/timeout', kind: 'transient' })
})

const AUTHOR = { name: 'Dana', email: 'dana@example.com' }
const commit = (text: string): NewCommit => ({
  changes: [{ path: 'litmus/p/a.yaml', text }],
  message: 'Begin',
  author: AUTHOR,
  committer: AUTHOR,
  at: new Date('2026-01-02T03:04:05Z')
})

describe('a protected branch', () => {
  it('by a hook that speaks as GitHub does: said so, in the host’s words', async () => {
    const preReceive = `#!/bin/sh
echo 'error: GH006: Protected branch update failed for refs/heads/main.' >&2
echo 'error: Changes must be made through a pull request.' >&2
exit 1
`
    await server.createRepository('protected', { branch: 'main', preReceive })
    const place = `127.0.0.1:${server.port}`
    const git = gitFor(place)
    const [id = ''] = await git.writeCommits('protected', null, [commit('a')])
    expect(await git.push(at(place, 'protected'), 'protected', { branch: 'main', commit: id, expected: null })).toEqual(
      {
        kind: 'rejected',
        code: 'git/protected-branch',
        message: expect.stringMatching(/protects this branch.*Let the account.*GH006.*pull request/)
      }
    )
  })

  it.each([
    ['GitHub’s rules', 'remote: error: GH013: Repository rule violations found for refs/heads/main.'],
    ['GitLab', 'remote: GitLab: You are not allowed to push code to protected branches on this project.'],
    ['Gitea', 'remote: Gitea: Not allowed to push to protected branch main'],
    ['Bitbucket Cloud', 'remote: Permission denied to update branch main.'],
    ['Bitbucket Data Center', 'remote: Branch refs/heads/main can only be modified through pull requests.'],
    ['Azure DevOps', 'remote: TF402455: Pushes to this branch are not permitted; you must use a pull request.']
  ])('as %s says it', (_host, line) => {
    const stdout = '!\trefs/heads/x:refs/heads/main\t[remote rejected] (pre-receive hook declined)\n'
    expect(parsePush(1, stdout, `${line}\n`)).toMatchObject({ kind: 'rejected', code: 'git/protected-branch' })
  })
})

/** A git whose store has a disk of 32 KiB for packs: in a mount namespace of its own, so nothing else sees it. */
async function gitOnSmallDisk(): Promise<string> {
  const binary = join(folder, 'git-on-small-disk')
  const inside =
    'for d in "$FL_STORES"/*.git/objects/pack; do [ ! -d "$d" ] || mount -t tmpfs -o size=32k none "$d"; done; exec git "$@"'
  const script = `#!/bin/sh\nFL_STORES=${join(folder, 'small')} exec unshare -rm sh -c '${inside}' git "$@"\n`
  await writeFile(binary, script)
  await chmod(binary, 0o755)
  return binary
}

function mayMount(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('a full disk', () => {
  // where namespaces are refused there is no small disk to fill
  it.skipIf(!mayMount())('is ours to mend, not the repository’s; nothing is thrown away for it', async () => {
    await server.createRepository('large', { branch: 'main' })
    const place = `127.0.0.1:${server.port}`
    const writer = gitFor(place)
    const [id = ''] = await writer.writeCommits('large', null, [commit(randomBytes(100_000).toString('base64'))])
    const push = { branch: 'main', commit: id, expected: null }
    expect(await writer.push(at(place, 'large'), 'large', push)).toEqual({ kind: 'pushed' })
    const store = join(folder, 'small')
    const git = gitFor(place, { folder: store, binary: await gitOnSmallDisk(), limits: { readerIdleMs: 10 } })
    await expect(git.fetch(at(place, 'large'), 'main', 'large')).rejects.toMatchObject({
      code: 'git/disk-full',
      kind: 'stalled',
      message: expect.stringMatching(/disk of the Faultline server is full/)
    })
    const roomy = gitFor(place, { folder: store })
    expect(await roomy.fetch(at(place, 'large'), 'main', 'large')).toBe(id)
  })
})
