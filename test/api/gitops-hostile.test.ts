import { execFile } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SyncStatus, Workflow } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, inGit, startTestServer, type TestServer } from '../harness/server.ts'

const run = promisify(execFile)
let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const syncNow = (project: string) => server.api.post<SyncStatus>(`/projects/${project}/gitops/sync`)

async function connected(project: string): Promise<Clone> {
  const url = await connectProject(server, project, { pollSeconds: 3600 })
  const person = await cloneOf(server, url)
  await person.push(`litmus/${project}/good.yaml`, shopWorkflow('good'), 'Add good')
  await syncNow(project)
  await inGit(server, project, 'good', shopWorkflow('good'))
  return person
}

/** The files of the list that are no workflow, each with its first reason. */
async function bad(project: string): Promise<Record<string, string>> {
  const { items } = await server.api.workflows(project)
  const files = items.filter(({ sync }) => sync === 'invalid-in-git')
  return Object.fromEntries(files.map(({ path, problems }) => [path.split('/').slice(2).join('/'), reason(problems)]))
}

function reason([first]: Workflow['problems']): string {
  return `${first?.line ?? '-'}: ${first?.message ?? 'no reason'}`
}

const BOMB = `a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
`

describe('files that nobody wants to read', () => {
  it('are shown with line and reason, and the good ones beside them go on', async () => {
    const person = await connected('files')
    const at = (name: string) => `litmus/files/${name}`
    await person.write(at('syntax.yaml'), 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: [\n')
    await person.write(at('kind.yaml'), 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\n')
    await person.write(at('bomb.yaml'), BOMB)
    await person.write(at('several.yaml'), `${shopWorkflow('several')}---\n${shopWorkflow('more')}`)
    await person.write(at('huge.yaml'), `# ${'x'.repeat(10 * 1024 * 1024)}\n`)
    await person.write(at('binary.yaml'), 'kind: \0\u0001')
    await person.write(at('empty.yaml'), '')
    await person.write(at('escape.yaml'), shopWorkflow('escape').replace('kind: Workflow', 'kind: "\\0"'))
    await person.write(at('twice.yaml'), shopWorkflow('good'))
    await person.write(at('deep.yaml'), `a: ${'['.repeat(100_000)}`)
    await person.write(at('fault.yaml'), shopWorkflow('fault').replace('name: pod-delete\n', 'name: pod-explode\n'))
    await person.write(at('notes.txt'), 'not for us')
    await symlink('/etc/passwd', join(person.folder, at('link.yaml')))
    await symlink('..', join(person.folder, at('folder')))
    await person.push(at('better.yaml'), shopWorkflow('better'), 'Add all kinds')

    const started = performance.now()
    await syncNow('files')
    expect(performance.now() - started).toBeLessThan(15_000)
    await inGit(server, 'files', 'better', shopWorkflow('better'))
    expect(await bad('files')).toEqual({
      'syntax.yaml': expect.stringMatching(/^[34]: This is not YAML/),
      'kind.yaml': expect.stringMatching(/^2: There is no kind Secret/),
      'bomb.yaml': expect.stringMatching(/^\d+: .*aliases/),
      'several.yaml': expect.stringMatching(/^\d+: .*several documents/),
      'huge.yaml': expect.stringMatching(/^1: .*bytes; at most/),
      'binary.yaml': expect.stringMatching(/^1: .*not UTF-8 text/),
      'escape.yaml': expect.stringMatching(/^2: .*NUL character/),
      'empty.yaml': expect.stringMatching(/^1: The file is empty/),
      'twice.yaml': expect.stringMatching(/^1: The name good is taken by litmus\/files\/good.yaml/),
      'deep.yaml': expect.stringMatching(/^\d+: This is nested too deeply: at most 64 levels/),
      'fault.yaml': expect.stringMatching(/^\d+: .*pod-explode/),
      'link.yaml': expect.stringMatching(/^1: .*symbolic link/),
      folder: expect.stringMatching(/^1: .*symbolic link/)
    })
  })

  it('a bad file is tried again when it changes, and a name is free once its owner is gone', async () => {
    const person = await connected('again')
    await person.push('litmus/again/twice.yaml', shopWorkflow('good'), 'A second one')
    await syncNow('again')
    expect(Object.keys(await bad('again'))).toEqual(['twice.yaml'])
    await person.remove('litmus/again/good.yaml', 'Remove the first')
    await syncNow('again')
    expect(await bad('again')).toEqual({})
    expect((await server.api.workflow('again', 'good')).path).toBe('litmus/again/twice.yaml')
  })
})

describe('trees that git itself would not check out', () => {
  it.each(['..', '.git', '.'])('a tree entry named %s reaches nothing outside', async (name) => {
    const project = `tree-${name.replaceAll('.', 'd')}`
    const person = await connected(project)
    const commit = await hostileCommit(project, name)
    await run('git', ['--git-dir', server.git.repositoryFolder(project), 'update-ref', 'refs/heads/main', commit])
    await syncNow(project)
    // git refuses the pack, or the listing refuses the name: the good file stays, and nothing else appears
    const { items } = await server.api.workflows(project)
    expect(items.filter(({ sync }) => sync !== 'invalid-in-git').map((item) => item.name)).toEqual(['good'])
    expect(await person.read(`litmus/${project}/good.yaml`)).toBe(shopWorkflow('good'))
  })
})

/** A commit on top of main whose project folder has one more entry, a folder of a forbidden name with a workflow in it. */
async function hostileCommit(project: string, name: string): Promise<string> {
  const dir = server.git.repositoryFolder(project)
  const git = async (args: string[], input = ''): Promise<string> => {
    const child = run('git', ['--git-dir', dir, ...args], {
      encoding: 'latin1',
      env: {
        PATH: process.env.PATH,
        GIT_AUTHOR_NAME: 'x',
        GIT_AUTHOR_EMAIL: 'x@x',
        GIT_COMMITTER_NAME: 'x',
        GIT_COMMITTER_EMAIL: 'x@x'
      }
    })
    // a command that reads no input may end before it gets some
    child.child.stdin?.on('error', () => undefined)
    child.child.stdin?.end(Buffer.from(input, 'latin1'))
    return (await child).stdout.trim()
  }
  const tree = (entries: [string, string, string][]) =>
    git(
      ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'],
      entries.map(([mode, entry, id]) => `${mode} ${entry}\0${Buffer.from(id, 'hex').toString('latin1')}`).join('')
    )
  const blob = await git(['hash-object', '-w', '--stdin'], shopWorkflow('evil'))
  const good = await git(['rev-parse', `main:litmus/${project}/good.yaml`])
  const inner = await tree([['100644', 'evil.yaml', blob]])
  const folder = await tree([
    ['40000', name, inner],
    ['100644', 'good.yaml', good]
  ])
  const litmus = await tree([['40000', project, folder]])
  const root = await tree([['40000', 'litmus', litmus]])
  return git(['commit-tree', root, '-p', 'main', '-m', 'Look away'])
}
