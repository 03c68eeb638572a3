import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EditRequest, Revision, SyncStatus, WorkflowSummary } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const latency = (ms: string, name = 'one') => shopWorkflow(name).replace('"3000"', `"${ms}"`)
const syncNow = (project: string) => server.api.post<SyncStatus>(`/projects/${project}/gitops/sync`)
const names = async (project: string) => (await server.api.workflows(project)).items.map(({ name }) => name)

/** A project with these workflows in git; nobody looks at git unless asked. */
async function filled(project: string, workflows: readonly string[]): Promise<Clone> {
  const url = await connectProject(server, project, { pollSeconds: 3600 })
  const person = await cloneOf(server, url)
  for (const name of workflows) await person.write(`litmus/${project}/${name}.yaml`, shopWorkflow(name))
  await person.push('README.md', 'ours', 'Begin')
  await syncNow(project)
  expect(await names(project)).toEqual(workflows)
  return person
}

/** Both sides have changed workflow one. */
async function clash(project: string, theirs = latency('222')): Promise<Clone> {
  const person = await filled(project, ['one', 'two'])
  const { etag } = await server.api.workflow(project, 'one')
  await person.push(`litmus/${project}/one.yaml`, theirs, 'Theirs')
  await server.api.saveWorkflow(project, 'one', { text: latency('111'), etag, message: 'Ours' })
  await settles(() => server.api.workflow(project, 'one').then(({ sync }) => sync)).toBe('conflict')
  return person
}

const resolve = (project: string, body: { keep: 'git' | 'portal'; seen?: string }) =>
  server.api.post<EditRequest>(`/projects/${project}/workflows/one/resolve`, body)

describe('nothing is decided that was not seen', () => {
  it('an approval of deletions does not count for those that came later', async () => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f']
    const person = await filled('approve', all)
    await person.git('rm', '--quiet', ...['a', 'b', 'c', 'd'].map((name) => `litmus/approve/${name}.yaml`))
    await person.push('README.md', 'four less', 'Remove four')
    const seen = (await syncNow('approve')).withheld[0]
    expect(seen?.paths).toHaveLength(4)
    await person.remove('litmus/approve/e.yaml', 'Remove a fifth')
    expect((await syncNow('approve')).withheld[0]?.paths).toHaveLength(5)
    const accept = server.api.post(`/projects/approve/gitops/withheld/${seen?.id}/accept`)
    await expect(accept).rejects.toMatchObject({ code: 'sync/not-withheld' })
    expect(await names('approve')).toEqual(all)
  })

  it('a decision about a conflict does not count for a text that git has got since', async () => {
    const person = await clash('seen')
    const seen = (await server.api.workflow('seen', 'one')).conflict?.gitCommit ?? ''
    await person.push('litmus/seen/one.yaml', latency('333'), 'Theirs again')
    await syncNow('seen')
    await expect(resolve('seen', { keep: 'portal', seen })).rejects.toMatchObject({ code: 'api/moved' })
    const { conflict } = await server.api.workflow('seen', 'one')
    expect(conflict?.gitText).toBe(latency('333'))
    await resolve('seen', { keep: 'portal', seen: conflict?.gitCommit ?? '' })
    await inGit(server, 'seen', 'one', latency('111'))
  })

  it('a new workflow does not take the place of a bad file that somebody pushed', async () => {
    const person = await filled('taken', ['one'])
    await person.push('litmus/taken/two.yaml', 'kind: [', 'A draft')
    await syncNow('taken')
    const created = server.api.createWorkflow('taken', shopWorkflow('two'), 'Add two')
    await expect(created).rejects.toMatchObject({ code: 'api/name-taken' })
    await person.git('pull', '--quiet')
    expect(await person.read('litmus/taken/two.yaml')).toBe('kind: [')
  })

  it('an edit of the last good text does not overwrite the broken one that git has now', async () => {
    const person = await filled('broken', ['one'])
    const broken = `${latency('222')}\n  broken: [`
    await person.push('litmus/broken/one.yaml', broken, 'Half done')
    await syncNow('broken')
    const { etag } = await server.api.workflow('broken', 'one')
    await server.api.saveWorkflow('broken', 'one', { text: latency('111'), etag, message: 'Ours' })
    await settles(() => server.api.workflow('broken', 'one').then(({ sync }) => sync)).toBe('conflict')
    expect((await server.api.workflow('broken', 'one')).conflict).toMatchObject({ gitText: broken })
    await resolve('broken', { keep: 'portal' })
    await inGit(server, 'broken', 'one', latency('111'))
  })

  it('an edit of what git has deleted waits for a decision once the deletion is approved', async () => {
    const person = await filled('gone', ['a', 'b', 'c', 'one'])
    await person.git('rm', '--quiet', '-r', 'litmus/gone')
    await person.push('README.md', 'none', 'Remove all')
    const [withheld] = (await syncNow('gone')).withheld
    const { etag } = await server.api.workflow('gone', 'one')
    await server.api.saveWorkflow('gone', 'one', { text: latency('111'), etag, message: 'Ours' })
    await server.api.post(`/projects/gone/gitops/withheld/${withheld?.id}/accept`)
    await settles(() => server.api.workflow('gone', 'one').then(({ sync }) => sync)).toBe('conflict')
    await resolve('gone', { keep: 'git' })
    await settles(() => names('gone')).toEqual([])
  })
})

describe('turning GitOps off', () => {
  it.each([latency('222'), null])('keeps to a decision that git has not heard of yet: %#', async (theirs) => {
    const project = theirs === null ? 'word-gone' : 'word'
    const person = await clash(project)
    if (theirs === null) {
      await person.git('pull', '--quiet')
      await person.remove(`litmus/${project}/one.yaml`, 'Remove one')
      await syncNow(project)
    }
    server.git.hang(true)
    await resolve(project, { keep: 'git' })
    await server.api.post(`/projects/${project}/gitops/disable`, { openEdits: 'apply' })
    server.git.hang(false)
    if (theirs === null) expect(await names(project)).toEqual(['two'])
    else expect((await server.api.workflow(project, 'one')).text).toBe(theirs)
  })
})

describe('who, when and in which commit', () => {
  it('a conflict keeps naming who changed it in git, whatever is pushed elsewhere', async () => {
    const person = await clash('named')
    const before = (await server.api.workflow('named', 'one')).conflict
    await person.git('config', 'user.name', 'Eve')
    await person.write('notes.md', 'other')
    await person.git('add', '--all')
    await person.git('commit', '--quiet', '--message', 'Elsewhere', '--author', 'Eve <eve@example.com>')
    await person.git('push', '--quiet', 'origin', 'HEAD:main')
    await syncNow('named')
    expect((await server.api.workflow('named', 'one')).conflict).toEqual(before)
  })

  it('a text that a merge made is of the merge', async () => {
    const person = await filled('merged', ['one'])
    const path = 'litmus/merged/one.yaml'
    await person.git('switch', '--quiet', '--create', 'side')
    await person.write(path, latency('1'))
    await person.git('commit', '--quiet', '--all', '--message', 'Side')
    await person.git('switch', '--quiet', 'main')
    await person.write(path, latency('2'))
    await person.git('commit', '--quiet', '--all', '--message', 'Main')
    await person.git('merge', '--quiet', 'side').catch(() => undefined)
    const merge = await person.push(path, latency('3'), 'Both')
    await syncNow('merged')
    await inGit(server, 'merged', 'one', latency('3'))
    const { items } = await server.api.get<{ items: Revision[] }>('/projects/merged/workflows/one/revisions')
    expect(items[0]).toMatchObject({ commit: merge, message: 'Both' })
  })

  it('a bad file keeps naming the commit that brought it', async () => {
    const person = await filled('bad', ['one'])
    const commit = await person.push('litmus/bad/two.yaml', 'kind: [', 'A draft')
    await syncNow('bad')
    await person.push('README.md', 'other', 'Elsewhere')
    await syncNow('bad')
    const { items } = await server.api.workflows('bad')
    expect(items.find(({ path }) => path === 'litmus/bad/two.yaml')).toMatchObject({ commit })
  })
})

describe('names of files', () => {
  it('that look the same harm no other file', async () => {
    const person = await filled('odd', ['one'])
    const folder = Buffer.from(join(person.folder, 'litmus/odd/'))
    for (const byte of [0xfe, 0xff])
      await writeFile(Buffer.concat([folder, Buffer.of(byte), Buffer.from('.yaml')]), 'x')
    await person.push('litmus/odd/two.yaml', shopWorkflow('two'), 'Odd names')
    expect(await syncNow('odd')).toMatchObject({ status: 'ready' })
    await inGit(server, 'odd', 'two', shopWorkflow('two'))
  })

  it('that are no manifests are not complained about', async () => {
    const person = await filled('quiet', ['one'])
    for (const name of ['.gitkeep', 'Übersicht (alt).md']) await person.write(`litmus/quiet/${name}`, 'ours')
    await person.push('litmus/quiet/diagram (1).png', 'ours', 'Notes')
    await syncNow('quiet')
    expect(await names('quiet')).toEqual(['one'])
  })

  it('of all kinds are on some page of the list', async () => {
    const person = await filled('pages', ['one', 'two'])
    for (const name of ['a b', 'a@b', 'a+b', 'ä']) await person.write(`litmus/pages/${name}.yaml`, 'kind: [')
    await person.push('litmus/pages/z.yaml', 'kind: [', 'Bad ones')
    await syncNow('pages')
    const paths: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page: { items: WorkflowSummary[]; next: string | null } = await server.api.get(
        `/projects/pages/workflows?limit=1${query}`
      )
      paths.push(...page.items.map(({ path }) => path))
      cursor = page.next
    }
    const expected = ['a b', 'a@b', 'a+b', 'one', 'two', 'z', 'ä'].map((name) => `litmus/pages/${name}.yaml`)
    expect(paths.toSorted()).toEqual(expected.toSorted())
  })
})
