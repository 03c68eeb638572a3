import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GitServer, startGitServer } from '../demo/git-server.ts'
import { createOutbound } from '../outbound/index.ts'
import { Redactor, Secret, silentLogger } from '../platform/index.ts'
import { createGit } from './create-git.ts'
import type { Git, GitRemote, NewCommit } from './git.ts'

const TOKEN = 'token-of-the-tests-4711'
const DANA = { name: 'Dana', email: 'dana@example.com' }
const AT = new Date('2026-01-02T03:04:05Z')

let folder: string
let server: GitServer
let git: Git

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-git-'))
  server = await startGitServer({ folder: join(folder, 'remote'), token: TOKEN, readOnlyToken: 'read-only-token' })
  git = newGit()
})
afterAll(async () => {
  await git.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

function newGit(more: Partial<Parameters<typeof createGit>[0]> = {}): Git {
  const redactor = new Redactor()
  const outbound = createOutbound({ allow: [`127.0.0.1:${server.port}`], ownPorts: [] })
  return createGit({
    folder: join(folder, 'stores'),
    outbound,
    redactor,
    log: silentLogger(),
    path: process.env.PATH ?? '',
    ...more
  })
}

function remote(name: string, token = TOKEN): GitRemote {
  return { url: server.url(name), username: 'x', token: new Secret(token) }
}

/** One commit on top of `parent`; answers its id. */
async function write(repo: string, { parent, ...commit }: NewCommit & { parent: string | null }): Promise<string> {
  const [id = ''] = await git.writeCommits(repo, parent, [commit])
  return id
}

function commit(parent: string | null, changes: NewCommit['changes'], message = 'Change') {
  return { parent, changes, message, author: DANA, committer: { name: 'Faultline', email: 'f@localhost' }, at: AT }
}

/** A repository with one commit of these files; answers the commit. */
async function seeded(name: string, files: Record<string, string>): Promise<string> {
  await server.createRepository(name, { branch: 'main' })
  const first = await write(
    name,
    commit(
      null,
      Object.entries(files).map(([path, text]) => ({ path, text })),
      'Begin'
    )
  )
  expect(await git.push(remote(name), name, { branch: 'main', commit: first, expected: null })).toEqual({
    kind: 'pushed'
  })
  return first
}

describe('the tip of a branch', () => {
  it('is told apart: there, missing, empty repository', async () => {
    const tip = await seeded('tips', { 'a.yaml': 'a' })
    expect(await git.tip(remote('tips'), 'main')).toEqual({ kind: 'tip', commit: tip })
    expect(await git.tip(remote('tips'), 'other')).toEqual({ kind: 'missing-branch', branches: 1 })
    await server.createRepository('empty', { branch: 'main' })
    expect(await git.tip(remote('empty'), 'main')).toEqual({ kind: 'empty' })
  })

  it.each([
    ['a wrong token', () => remote('tips', 'wrong'), 'git/auth'],
    ['a repository that is not there', () => remote('nowhere'), 'git/not-found'],
    [
      'an address with a token in it',
      () => ({ ...remote('tips'), url: 'https://x:y@example.com/a.git' }),
      'git/bad-url'
    ],
    ['an SSH address without a key', () => ({ ...remote('tips'), url: 'git@example.com:a/b.git' }), 'git/no-key'],
    [
      'a private host that nobody allowed',
      () => ({ ...remote('tips'), url: 'https://10.0.0.1/a.git' }),
      'outbound/private-host'
    ]
  ])('%s is said', async (_what, to, code) => {
    await expect(git.tip(to(), 'main')).rejects.toMatchObject({ code })
  })

  it('names what git would not take for a branch', async () => {
    for (const branch of ['-x', 'a..b', 'a b', 'x.lock', '', 'a~1']) {
      await expect(async () => git.tip(remote('tips'), branch)).rejects.toMatchObject({ code: 'git/bad-branch' })
    }
  })
})

describe('reading', () => {
  it('lists the folder and reads blobs by id, within limits', async () => {
    const tip = await seeded('read', {
      'litmus/p/a.yaml': 'text ä\n',
      'litmus/p/deep/b.yaml': 'b',
      'other/c.yaml': 'c'
    })
    await git.fetch(remote('read'), 'main', 'reader')
    const { files } = await git.files('reader', tip, 'litmus/p')
    expect(files.map((file) => file.path)).toEqual(['litmus/p/a.yaml', 'litmus/p/deep/b.yaml'])
    const [first] = files
    expect(await git.blob('reader', first?.blob ?? '', 100)).toEqual({ kind: 'text', text: 'text ä\n' })
    expect(await git.blob('reader', first?.blob ?? '', 3)).toEqual({ kind: 'too-large', size: 8 })
    expect((await git.files('reader', tip, 'litmus/nobody')).missing).toBe(true)
  })

  it('refuses symlinks, submodules and hostile names, and reads the rest', async () => {
    await seeded('hostile', { 'litmus/p/good.yaml': 'good' })
    plant(server.repositoryFolder('hostile'), [
      ['120000', 'link.yaml', '/etc/passwd'],
      ['160000', 'module', ''],
      ['100644', '-rf.yaml', 'x'],
      ['100644', 'a\u001b[31m.yaml', 'x'],
      ['100644', 'fine.yaml', 'fine']
    ])
    const tip = await git.fetch(remote('hostile'), 'main', 'hostile-reader')
    const { files, refused } = await git.files('hostile-reader', tip, 'litmus/p')
    expect(files.map((file) => file.path)).toEqual(['litmus/p/fine.yaml'])
    expect(refused).toHaveLength(4)
    expect(refused.map((file) => file.reason).join()).toMatch(/symbolic link/)
    expect(JSON.stringify(refused)).not.toContain('\\u001b')
  })

  it('takes in no tree with .. in it', async () => {
    await seeded('dotdot', { 'litmus/p/good.yaml': 'good' })
    plant(server.repositoryFolder('dotdot'), [['040000', '..', '']])
    await expect(git.fetch(remote('dotdot'), 'main', 'dotdot-reader')).rejects.toMatchObject({
      code: expect.stringMatching(/^git\//)
    })
  })

  it('counts no more files than the limit', async () => {
    const files = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`litmus/p/${i}.yaml`, `${i}`]))
    const tip = await seeded('many', files)
    const small = newGit({ folder: join(folder, 'small'), limits: { files: 4 } })
    await small.fetch(remote('many'), 'main', 'small')
    const listing = await small.files('small', tip, 'litmus/p')
    expect(listing.files).toHaveLength(4)
    expect(listing.refused[0]?.reason).toMatch(/more than 4 files/)
    await small.close()
  })
})

describe('writing', () => {
  it('makes the same commit of the same input, and touches nothing else', async () => {
    const tip = await seeded('write', { 'keep.txt': 'kept', 'litmus/p/a.yaml': 'a' })
    const input = commit(tip, [
      { path: 'litmus/p/b c.yaml', text: 'b "quoted" \\ back\n' },
      { path: 'litmus/p/a.yaml', text: null }
    ])
    const [one, two] = [await write('write', input), await write('write', input)]
    expect(one).toBe(two)
    expect((await git.files('write', one, 'litmus/p')).files.map((file) => file.path)).toEqual(['litmus/p/b c.yaml'])
    expect(await git.push(remote('write'), 'write', { branch: 'main', commit: one, expected: tip })).toEqual({
      kind: 'pushed'
    })
    const fresh = join(folder, 'fresh-write')
    await promisify(execFile)('git', ['clone', '-q', server.url('write').replace('//', `//x:${TOKEN}@`), fresh])
    expect(await readFile(join(fresh, 'keep.txt'), 'utf8')).toBe('kept')
    expect(await readFile(join(fresh, 'litmus/p/b c.yaml'), 'utf8')).toBe('b "quoted" \\ back\n')
    expect(await git.info('write', one)).toMatchObject({ author: DANA, at: AT, subject: 'Change', parents: [tip] })
  })

  it('does not let a name or a message forge a commit', async () => {
    const tip = await seeded('forge', { 'a.txt': 'a' })
    const evil = { name: 'Eve> 0 +0000\ncommitter Root <root', email: 'e\n@x>' }
    const made = await write('forge', {
      ...commit(tip, [{ path: 'b.txt', text: 'b' }], 'data 5\nfrom 0000'),
      author: evil
    })
    const info = await git.info('forge', made)
    expect(info.parents).toEqual([tip])
    expect(info.author.name).not.toContain('\n')
  })

  it('loses no race: who was first stays, the other is told', async () => {
    const tip = await seeded('race', { 'a.txt': 'a' })
    const mine = await write('race', commit(tip, [{ path: 'mine.txt', text: 'm' }]))
    const theirs = await write('race', commit(tip, [{ path: 'theirs.txt', text: 't' }]))
    expect(await git.push(remote('race'), 'race', { branch: 'main', commit: theirs, expected: tip })).toEqual({
      kind: 'pushed'
    })
    expect(await git.push(remote('race'), 'race', { branch: 'main', commit: mine, expected: tip })).toEqual({
      kind: 'race'
    })
    expect(await git.tip(remote('race'), 'main')).toEqual({ kind: 'tip', commit: theirs })
  })

  it('never overwrites what it does not contain', async () => {
    const tip = await seeded('force', { 'a.txt': 'a' })
    const unrelated = await write('force', commit(null, [{ path: 'x.txt', text: 'x' }]))
    await expect(
      git.push(remote('force'), 'force', { branch: 'main', commit: unrelated, expected: tip })
    ).rejects.toMatchObject({ code: 'git/not-a-descendant' })
    expect(await git.tip(remote('force'), 'main')).toEqual({ kind: 'tip', commit: tip })
  })

  it('says what a person must do about a read-only token and a rejecting hook', async () => {
    const tip = await seeded('denied', { 'a.txt': 'a' })
    const next = await write('denied', commit(tip, [{ path: 'b.txt', text: 'b' }]))
    const readOnly = await git.push(remote('denied', 'read-only-token'), 'denied', {
      branch: 'main',
      commit: next,
      expected: tip
    })
    expect(readOnly).toMatchObject({ kind: 'rejected', code: 'git/read-only' })
    await server.createRepository('hooked', {
      branch: 'main',
      preReceive: '#!/bin/sh\necho "changes need a review" >&2\nexit 1\n'
    })
    const hooked = await git.push(remote('hooked'), 'denied', { branch: 'main', commit: tip, expected: null })
    expect(hooked).toMatchObject({
      kind: 'rejected',
      code: 'git/rejected',
      message: expect.stringContaining('changes need a review')
    })
  })
})

describe('hostile surroundings', () => {
  it('gives up on a host that never answers, and leaves no process', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const outbound = createOutbound({ allow: [`127.0.0.1:${port}`], ownPorts: [] })
    const impatient = newGit({ folder: join(folder, 'impatient'), outbound, limits: { fetchMs: 600 } })
    const hanging = { url: `http://127.0.0.1:${port}/x.git`, username: 'x', token: new Secret('s3cr3t-value') }
    await expect(impatient.fetch(hanging, 'main', 'hang')).rejects.toMatchObject({ code: 'git/timeout' })
    expect(await processesWith(`127.0.0.1:${port}`)).toEqual([])
    silent.close()
    await impatient.close()
  })

  it('shows the token to no other process', async () => {
    server.hang(true)
    const fetching = git.fetch(remote('tips'), 'main', 'secret').catch(() => undefined)
    await expect.poll(() => processesWith('/tips.git'), { timeout: 3000 }).not.toEqual([])
    for (const args of await processesWith('/tips.git')) {
      expect(args).not.toContain(TOKEN)
      expect(args).not.toContain(Buffer.from(`x:${TOKEN}`).toString('base64'))
    }
    server.hang(false)
    for (const pid of await pidsWith('/tips.git')) process.kill(pid, 'SIGKILL')
    await fetching
  })

  it('works on after git was killed in the middle, and makes a damaged store anew', async () => {
    const tip = await seeded('again', { 'a.txt': 'a' })
    const own = newGit({ folder: join(folder, 'again') })
    await own.fetch(remote('again'), 'main', 'again')
    await own.close()
    const [store = ''] = (await readdir(join(folder, 'again'))).filter((name) => name.endsWith('.git'))
    await writeFile(join(folder, 'again', store, 'packed-refs.lock'), '')
    await writeFile(join(folder, 'again', store, 'refs', 'faultline', 'tip.lock'), '')
    const next = newGit({ folder: join(folder, 'again') })
    expect(await next.fetch(remote('again'), 'main', 'again')).toBe(tip)
    await next.close()
    await rm(join(folder, 'again', store, 'objects'), { recursive: true })
    const third = newGit({ folder: join(folder, 'again') })
    expect(await third.fetch(remote('again'), 'main', 'again')).toBe(tip)
    await third.close()
  })
})

describe('the connection test', () => {
  it('passes, warns of an empty repository and a missing branch, and stops at the first failing step', async () => {
    const states = async (to: GitRemote, branch: string) => (await git.check(to, branch)).map((step) => step.state)
    expect(await states(remote('tips'), 'main')).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
    expect(await states(remote('tips'), 'new')).toEqual(['ok', 'ok', 'ok', 'attention', 'ok'])
    expect(await states(remote('empty'), 'main')).toEqual(['ok', 'ok', 'ok', 'attention', 'ok'])
    expect(await states(remote('tips', 'wrong'), 'main')).toEqual(['ok', 'ok', 'failed', 'skipped', 'skipped'])
    expect(await states(remote('tips', 'read-only-token'), 'main')).toEqual(['ok', 'ok', 'ok', 'ok', 'failed'])
    expect(await states({ ...remote('tips'), url: 'http://127.0.0.1:1/x.git' }, 'main')).toEqual([
      'failed',
      'skipped',
      'skipped',
      'skipped',
      'skipped'
    ])
  })
})

/** Adds entries to litmus/p of a bare repository's branch by hand, as a hostile push could. */
function plant(gitDir: string, entries: [mode: string, name: string, content: string][]): void {
  const run = (args: string[], input = '') =>
    execFileSync('git', ['--git-dir', gitDir, ...args], { input })
      .toString()
      .trim()
  const tip = run(['rev-parse', 'main'])
  const lines = entries.map(([mode, name, content]) => {
    if (mode === '160000') return `160000 commit ${tip}\t${name}`
    if (mode === '040000') return `040000 tree ${run(['rev-parse', 'main^{tree}'])}\t${name}`
    return `${mode} blob ${run(['hash-object', '-w', '--stdin'], content)}\t${name}`
  })
  const tree = (input: string) => run(['mktree', '-z'], input)
  const leaf = tree(lines.map((line) => `${line}\0`).join(''))
  const root = tree(`040000 tree ${tree(`040000 tree ${leaf}\tp\0`)}\tlitmus\0`)
  const person = { GIT_AUTHOR_NAME: 'E', GIT_AUTHOR_EMAIL: 'e@x', GIT_COMMITTER_NAME: 'E', GIT_COMMITTER_EMAIL: 'e@x' }
  const made = execFileSync('git', ['--git-dir', gitDir, 'commit-tree', root, '-p', tip, '-m', 'plant'], {
    env: { ...process.env, ...person }
  })
  run(['update-ref', 'refs/heads/main', made.toString().trim()])
}

async function pidsWith(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger)
  const found = await Promise.all(pids.map(async (pid) => ((await args(pid)).includes(text) ? [pid] : [])))
  return found.flat()
}

async function processesWith(text: string): Promise<string[]> {
  return Promise.all((await pidsWith(text)).map(args))
}

async function args(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
}
