import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GitServer, startGitServer } from '../demo/git-server.ts'
import { createOutbound, type Outbound } from '../outbound/index.ts'
import { Redactor, Secret, silentLogger } from '../platform/index.ts'
import { createGit } from './create-git.ts'
import type { Git, GitRemote } from './git.ts'
import { packet } from './pkt-line.ts'

const TOKEN = 'token-of-the-odd-hosts'
const RESULT = { 'content-type': 'application/x-git-upload-pack-result' }
const OID = 'a'.repeat(40)

let folder: string
let server: GitServer
let outbound: Outbound
let git: Git
const hosts: Server[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-odd-'))
  server = await startGitServer({ folder: join(folder, 'remote'), token: TOKEN })
  outbound = createOutbound({ allow: ['127.0.0.0/8'], ownPorts: [] })
})
afterEach(async () => {
  for (const host of hosts.splice(0)) await new Promise((resolve) => host.close(resolve).closeAllConnections())
  await git?.close()
})
afterAll(async () => {
  await outbound.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function host(answer: RequestListener): Promise<string> {
  const made = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => made.once('listening', resolve))
  hosts.push(made)
  return `127.0.0.1:${(made.address() as AddressInfo).port}`
}

/** Whoever may be called, with the token. */
function at(place: string, path = 'a/b.git'): GitRemote {
  const allowed = createOutbound({ allow: [place], ownPorts: [] })
  git = createGit({
    folder: join(folder, 'stores'),
    outbound: allowed,
    redactor: new Redactor(),
    log: silentLogger(),
    path: process.env.PATH ?? ''
  })
  return { url: `http://${place}/${path}`, username: 'x', token: new Secret(TOKEN) }
}

const answers =
  (status: number, headers: Record<string, string>, body: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body)

describe('a host that says odd things about its branches', () => {
  it.each([
    ['nothing', RESULT, ''],
    ['half an answer', RESULT, packet(`${OID} refs/heads/other\n`)],
    ['no packets', RESULT, 'hello'],
    ['a page', { 'content-type': 'text/html' }, '<html>Sign in</html>'],
    ['a page as its branches', RESULT, '<html>Sign in</html>']
  ])('%s is no empty repository', async (_what, headers, body) => {
    const remote = at(await host(answers(200, headers, body)))
    await expect(git.tip(remote, 'main')).rejects.toMatchObject({ code: 'git/bad-answer', kind: 'stalled' })
  })

  it('an error in its own words is told', async () => {
    const remote = at(await host(answers(200, RESULT, packet('ERR you shall not pass\n'))))
    await expect(git.tip(remote, 'main')).rejects.toMatchObject({
      code: 'git/refused',
      message: expect.stringContaining('you shall not pass')
    })
  })

  it('an endless one is cut', async () => {
    const remote = at(
      await host((_request, response) => {
        response.writeHead(200, RESULT)
        const line = packet(`${OID} refs/heads/${'x'.repeat(60_000)}\n`)
        const more = () => {
          while (response.write(line));
        }
        response.on('drain', more)
        more()
      })
    )
    await expect(git.tip(remote, 'main')).rejects.toMatchObject({ code: 'outbound/too-large' })
  })
})

describe('a host that sends us elsewhere', () => {
  it('is not followed, and nobody else sees the token', async () => {
    const seen: (string | undefined)[] = []
    const other = await host((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(500).end()
    })
    const remote = at(
      await host(
        (request, response) => void response.writeHead(302, { location: `http://${other}${request.url}` }).end()
      )
    )
    await expect(git.tip(remote, 'main')).rejects.toMatchObject({ code: 'git/redirect' })
    await expect(git.fetch(remote, 'main', 'redirected')).rejects.toMatchObject({ code: 'git/redirect' })
    expect(seen).toEqual([])
  })
})

describe('repositories that are not read', () => {
  it('one of SHA-256 objects: said so, once and for all', async () => {
    await server.createRepository('sha256', { branch: 'main' })
    const bare = server.repositoryFolder('sha256')
    await rm(bare, { recursive: true })
    const run = (...args: string[]) =>
      execFileSync('git', args, {
        env: {
          PATH: process.env.PATH,
          GIT_AUTHOR_NAME: 'x',
          GIT_AUTHOR_EMAIL: 'x@x',
          GIT_COMMITTER_NAME: 'x',
          GIT_COMMITTER_EMAIL: 'x@x'
        }
      })
        .toString()
        .trim()
    run('init', '--quiet', '--bare', '--object-format=sha256', '--initial-branch=main', bare)
    const tree = run('--git-dir', bare, 'hash-object', '-t', 'tree', '-w', '/dev/null')
    const commit = run('--git-dir', bare, 'commit-tree', tree, '-m', 'Begin')
    run('--git-dir', bare, 'update-ref', 'refs/heads/main', commit)
    const remote = at(`127.0.0.1:${server.port}`, 'sha256.git')
    await expect(git.tip(remote, 'main')).rejects.toMatchObject({ code: 'git/sha256', kind: 'stalled' })
  })

  it('one with objects that git itself refuses: a person must act', async () => {
    await server.createRepository('broken', { branch: 'main' })
    const bare = server.repositoryFolder('broken')
    const run = (args: string[], input = '') =>
      execFileSync('git', ['--git-dir', bare, ...args], { input, env: { PATH: process.env.PATH } })
        .toString()
        .trim()
    const tree = run(['hash-object', '-t', 'tree', '-w', '--stdin'])
    const text = `tree ${tree}\nauthor nobody 0 +0000\ncommitter nobody 0 +0000\n\nBad\n`
    const commit = run(['hash-object', '-t', 'commit', '-w', '--literally', '--stdin'], text)
    run(['update-ref', 'refs/heads/main', commit])
    const remote = at(`127.0.0.1:${server.port}`, 'broken.git')
    await expect(git.fetch(remote, 'main', 'broken')).rejects.toMatchObject({
      code: 'git/bad-objects',
      kind: 'stalled'
    })
  })
})
