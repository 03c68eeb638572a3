import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EditRequest, Gitops, Pass, Preview, RunRequest } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cronWorkflow } from '../../src/manifest/fixtures/kinds.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const url = (repository: string) => server.git.url(repository)
const person = (repository: string) =>
  cloneOf(server, url(repository).replace('http://', `http://x:${server.gitToken}@`))
const syncNow = (project: string) => server.api.post(`/projects/${project}/gitops/sync`)
const names = async (project: string) => (await server.api.workflows(project)).items.map(({ name }) => name)

/** A project in a repository of its name with workflows that are in git; nobody looks at git unless asked. */
async function project(id: string, workflows: readonly string[]): Promise<Clone> {
  const clone = await cloneOf(server, await connectProject(server, id, { pollSeconds: 3600 }))
  for (const name of workflows) await clone.push(`litmus/${id}/${name}.yaml`, shopWorkflow(name), `Add ${name}`)
  await syncNow(id)
  expect(await names(id)).toEqual(workflows)
  return clone
}

const to = (id: string, place: { url?: string; branch?: string; path?: string }) => ({
  url: url(id),
  branch: 'main',
  ...place
})
const change = (id: string, body: object) => server.api.post<Gitops>(`/projects/${id}/gitops/change`, body)
const save = async (id: string, name: string, text: string) => {
  const { etag } = await server.api.workflow(id, name)
  return server.api.saveWorkflow(id, name, { text, etag, message: `Edit ${name}`, wait: false })
}
const later = (name: string) => `${shopWorkflow(name)}# edited here\n`

/** What the git host does with every push. */
const hook = (id: string, script: string) =>
  writeFile(join(server.git.repositoryFolder(id), 'hooks', 'pre-receive'), script, { mode: 0o755 })

/** An edit that waits because a rule of the host refuses it. */
async function waitingEdit(id: string): Promise<EditRequest> {
  await connectProject(server, id, { pollSeconds: 3600 })
  const clone = await person(id)
  await clone.push(`litmus/${id}/one.yaml`, shopWorkflow('one'), 'Add one')
  await syncNow(id)
  await hook(id, '#!/bin/sh\necho "not now"\nexit 1\n')
  const edit = await save(id, 'one', later('one'))
  await settles(() =>
    server.api.get<EditRequest>(`/projects/${id}/edits/${edit.id}`).then(({ reason }) => reason)
  ).toMatch(/not now/)
  return edit
}

describe('another repository', () => {
  it('is previewed and taken: what is missing there goes there, what is there comes, nothing is deleted', async () => {
    const old = await project('moving', ['one', 'two'])
    await server.git.createRepository('moving-new', { branch: 'main' })
    const fresh = await person('moving-new')
    await fresh.push('litmus/moving/two.yaml', later('two'), 'Another two')
    await fresh.push('litmus/moving/three.yaml', shopWorkflow('three'), 'Add three')
    const body = to('moving', { url: url('moving-new') })
    const preview = await server.api.post<Preview>('/projects/moving/gitops/preview', body)
    expect(preview.items.map(({ path, action }) => `${action} ${path}`)).toEqual([
      'export litmus/moving/one.yaml',
      'import litmus/moving/three.yaml',
      'conflict litmus/moving/two.yaml'
    ])
    expect((await server.api.gitops('moving')).url).toBe(url('moving'))
    const before = await old.head()
    expect(await change('moving', body)).toMatchObject({ enabled: true, hasToken: true, url: url('moving-new') })
    await inGit(server, 'moving', 'one', shopWorkflow('one'))
    await inGit(server, 'moving', 'three', shopWorkflow('three'))
    expect((await server.api.workflow('moving', 'two')).sync).toBe('conflict')
    await fresh.git('pull', '--quiet')
    expect(await fresh.read('litmus/moving/one.yaml')).toBe(shopWorkflow('one'))
    await old.git('fetch', '--quiet')
    expect((await old.git('rev-parse', 'origin/main')).trim()).toBe(before)
  })

  it('is in the audit log and in the history of passes, with before and after, without the token', async () => {
    const { items } = await server.api.get<{ items: { action: string; before: object; after: object }[] }>(
      '/projects/moving/audit'
    )
    const entry = items.find(({ action }) => action === 'gitops.change')
    expect(entry).toMatchObject({ before: { url: url('moving') }, after: { url: url('moving-new'), hasToken: true } })
    expect(JSON.stringify(items)).not.toContain(server.gitToken)
    const passes = await server.api.get<{ items: Pass[] }>('/projects/moving/gitops/passes')
    expect(passes.items.map(({ message }) => message)).toContain(
      `admin changed the repository to ${url('moving-new')}, main:litmus/moving.`
    )
  })

  it('starts nothing by its history, and its schedules come paused, whatever was chosen for the one before', async () => {
    await project('quiet', ['one'])
    const settings = { runOnPush: 'changed', activateSchedules: true }
    await server.api.put('/projects/quiet/gitops', to('quiet', settings as object))
    await server.git.createRepository('quiet-new', { branch: 'main' })
    const fresh = await person('quiet-new')
    await fresh.push('litmus/quiet/two.yaml', shopWorkflow('two'), 'Add two\n\nChaos-Run: two')
    await fresh.push(
      'litmus/quiet/cart-cron.yaml',
      cronWorkflow('schedule: "0 9 * * *"\ntimezone: Europe/Berlin\n'),
      'Add a schedule'
    )
    await change('quiet', to('quiet', { url: url('quiet-new') }))
    await settles(() => names('quiet')).toEqual(['cart-cron', 'one', 'two'])
    await settles(() => server.api.workflow('quiet', 'cart-cron').then(({ schedule }) => schedule?.state)).toBe(
      'paused'
    )
    const { items } = await server.api.get<{ items: RunRequest[] }>('/projects/quiet/runs')
    expect(items).toEqual([])
    const asked = await server.store.db
      .selectFrom('runRequests')
      .select('id')
      .where('projectId', '=', 'quiet')
      .execute()
    expect(asked).toEqual([])
    expect((await server.api.gitops('quiet')).runOnPush).toBe('changed')
  })

  it('keeps what is stored of the credential for the same host, and asks for a token for another', async () => {
    await project('hosts', [])
    const elsewhere = to('hosts', { url: 'https://git.example.com/team/chaos.git' })
    await expect(change('hosts', elsewhere)).rejects.toMatchObject({ code: 'sync/token-of-another-host' })
    expect((await server.api.gitops('hosts')).url).toBe(url('hosts'))
  })

  it('that cannot be read changes nothing', async () => {
    await project('unread', ['one'])
    const gone = to('unread', { url: url('nowhere') })
    await expect(change('unread', gone)).rejects.toMatchObject({ code: 'git/not-found' })
    expect(await server.api.gitops('unread')).toMatchObject({ url: url('unread'), sync: { status: 'ready' } })
    await expect(server.api.put('/projects/unread/gitops', gone)).rejects.toMatchObject({ code: 'sync/is-a-change' })
  })

  it('that is empty, and a branch that is missing, are made only when a person agrees', async () => {
    const clone = await project('made', ['one'])
    const branch = to('made', { branch: 'chaos' })
    await expect(change('made', branch)).rejects.toMatchObject({ code: 'sync/nothing-there' })
    await change('made', { ...branch, create: true })
    await clone.git('fetch', '--quiet')
    expect((await clone.git('rev-parse', 'origin/chaos')).trim()).toBe(await clone.head())
    await inGit(server, 'made', 'one', shopWorkflow('one'))
  })

  it('is refused where another project keeps its files, or in a folder of it', async () => {
    await project('first', [])
    await project('second', [])
    const into = (path: string) => change('second', to('second', { url: url('first'), path }))
    await expect(into('litmus/first')).rejects.toMatchObject({ code: 'sync/overlap' })
    await expect(into('litmus/first/deeper')).rejects.toMatchObject({ code: 'sync/overlap' })
    await expect(into('litmus')).rejects.toMatchObject({ code: 'sync/overlap' })
    expect(await into('litmus/second')).toMatchObject({ path: 'litmus/second' })
  })
})

describe('another folder', () => {
  it('has the workflows at the same places in it, with their history; the old files stay in git', async () => {
    const clone = await project('folders', ['one', 'two'])
    const before = await server.api.workflow('folders', 'one')
    await clone.push('chaos/team/uno.yaml', shopWorkflow('one'), 'Reorganise')
    const body = to('folders', { path: 'chaos' })
    const preview = await server.api.post<Preview>('/projects/folders/gitops/preview', body)
    expect(preview.items).toMatchObject([
      { path: 'chaos/team/uno.yaml', action: 'same', from: 'litmus/folders/one.yaml' },
      { path: 'chaos/two.yaml', action: 'export', from: 'litmus/folders/two.yaml' }
    ])
    await change('folders', body)
    await inGit(server, 'folders', 'two', shopWorkflow('two'))
    const one = await server.api.workflow('folders', 'one')
    expect(one).toMatchObject({ path: 'chaos/team/uno.yaml', definition: before.definition, sync: 'in-git' })
    await clone.git('pull', '--quiet')
    expect(await clone.read('chaos/two.yaml')).toBe(shopWorkflow('two'))
    expect(await clone.read('litmus/folders/two.yaml')).toBe(shopWorkflow('two'))
    await server.api.createWorkflow('folders', shopWorkflow('four'), 'Add four')
    expect((await server.api.workflow('folders', 'four')).path).toBe('chaos/four.yaml')
  })

  it('has what was deleted before as well: restored, it is where people look', async () => {
    const clone = await project('gone', ['one', 'two'])
    await clone.remove('litmus/gone/two.yaml', 'Remove two')
    await syncNow('gone')
    await change('gone', to('gone', { path: 'chaos' }))
    const { items } = await server.api.get<{ items: { definition: string }[] }>('/projects/gone/deleted-workflows')
    await server.api.post(`/projects/gone/deleted-workflows/${items[0]?.definition}/restore`)
    await inGit(server, 'gone', 'two', shopWorkflow('two'))
    await clone.git('pull', '--quiet')
    expect(await clone.read('chaos/two.yaml')).toBe(shopWorkflow('two'))
  })
})

describe('edits that wait', () => {
  it('ask what becomes of them; push first changes nothing while they cannot be pushed', async () => {
    await waitingEdit('ask')
    await server.git.createRepository('ask-new', { branch: 'main' })
    const body = { ...to('ask', { url: url('ask-new') }), create: true }
    await expect(change('ask', body)).rejects.toMatchObject({ code: 'sync/open-edits' })
    await expect(change('ask', { ...body, openEdits: 'push' })).rejects.toThrow(/one: .*not now/)
    expect((await server.api.gitops('ask')).url).toBe(url('ask'))
    await hook('ask', '#!/bin/sh\nexit 0\n')
    await change('ask', { ...body, openEdits: 'push' })
    await inGit(server, 'ask', 'one', later('one'))
    expect(await (await person('ask')).read('litmus/ask/one.yaml')).toBe(later('one'))
  })

  it('are carried over with author, message and order; there they need no decision where the text is the same', async () => {
    const edit = await waitingEdit('carry')
    await server.git.createRepository('carry-new', { branch: 'main' })
    const fresh = await person('carry-new')
    await fresh.push('litmus/carry/one.yaml', shopWorkflow('one'), 'The same one')
    await server.api.createWorkflow('carry', shopWorkflow('two'), 'Two of mine')
    await change('carry', { ...to('carry', { url: url('carry-new') }), openEdits: 'apply' })
    await inGit(server, 'carry', 'one', later('one'))
    await inGit(server, 'carry', 'two', shopWorkflow('two'))
    await fresh.git('pull', '--quiet')
    expect((await fresh.log('%s')).trim().split('\n')).toEqual(['Two of mine', 'Edit one', 'The same one'])
    const ended = await server.api.get<EditRequest>(`/projects/carry/edits/${edit.id}`)
    expect(ended).toMatchObject({ state: 'merged', commit: expect.any(String) })
  })

  it('become new files where the repository has none, also a conflict that was not decided yet', async () => {
    const clone = await project('stuck', ['one'])
    await clone.push('litmus/stuck/one.yaml', `${shopWorkflow('one')}# theirs\n`, 'Theirs')
    await save('stuck', 'one', later('one'))
    await settles(() => server.api.workflow('stuck', 'one').then(({ sync }) => sync)).toBe('conflict')
    await server.git.createRepository('stuck-new', { branch: 'main' })
    const body = { ...to('stuck', { url: url('stuck-new'), path: 'chaos' }), create: true }
    await expect(change('stuck', { ...body, openEdits: 'push' })).rejects.toMatchObject({
      code: 'sync/edits-not-pushed'
    })
    await change('stuck', { ...body, openEdits: 'apply' })
    await inGit(server, 'stuck', 'one', later('one'))
    expect(await (await person('stuck-new')).read('chaos/one.yaml')).toBe(later('one'))
    const { items } = await server.api.get<{ items: { author: string }[] }>('/projects/stuck/workflows/one/revisions')
    expect(items.map(({ author }) => author)).toContain('Dana Developer')
  })

  it('that are discarded keep their texts readable, and what was in git goes to the new repository', async () => {
    const edit = await waitingEdit('drop')
    await server.git.createRepository('drop-new', { branch: 'main' })
    await change('drop', { ...to('drop', { url: url('drop-new') }), create: true, openEdits: 'discard' })
    await inGit(server, 'drop', 'one', shopWorkflow('one'))
    const ended = await server.api.get<EditRequest>(`/projects/drop/edits/${edit.id}`)
    expect(ended).toMatchObject({ state: 'discarded', reason: 'admin changed the repository.' })
    const base = '/projects/drop/workflows/one/revisions'
    const { items } = await server.api.get<{ items: { number: number }[] }>(base)
    const texts = await Promise.all(items.map(({ number }) => server.api.text(`${base}/${number}/manifest`)))
    expect(texts).toContain(later('one'))
  })
})

describe('turning it off', () => {
  const disable = (id: string, body: object) => server.api.post<Gitops>(`/projects/${id}/gitops/disable`, body)

  it('deletes what came from git if that is asked for; git keeps it, and all of it comes back together', async () => {
    const clone = await project('off', ['one', 'two'])
    const before = await server.api.workflow('off', 'one')
    const tip = await clone.head()
    const off = await disable('off', { workflows: 'delete' })
    expect(off).toMatchObject({ enabled: false, deletedWorkflows: { count: 2 } })
    expect(await names('off')).toEqual([])
    await clone.git('fetch', '--quiet')
    expect((await clone.git('rev-parse', 'origin/main')).trim()).toBe(tip)
    const back = await server.api.post<Gitops>('/projects/off/gitops/restore-workflows')
    expect(back.deletedWorkflows).toBeNull()
    expect(await names('off')).toEqual(['one', 'two'])
    expect(await server.api.workflow('off', 'one')).toMatchObject({ definition: before.definition, text: before.text })
    await expect(server.api.post('/projects/off/gitops/restore-workflows')).rejects.toMatchObject({
      code: 'sync/nothing-to-restore'
    })
  })

  it('leaves alone what was made anew meanwhile', async () => {
    await project('taken', ['one', 'two'])
    await disable('taken', { workflows: 'delete' })
    await server.api.createWorkflow('taken', later('one'), 'Another one')
    await settles(() => names('taken')).toEqual(['one'])
    const back = await server.api.post<Gitops>('/projects/taken/gitops/restore-workflows')
    expect(back.deletedWorkflows).toBeNull()
    expect((await server.api.workflow('taken', 'one')).text).toBe(later('one'))
    expect(await names('taken')).toEqual(['one', 'two'])
  })

  it('pushes what waits first if that is asked for, and stays on while it cannot', async () => {
    await waitingEdit('last')
    await expect(disable('last', { openEdits: 'push' })).rejects.toMatchObject({ code: 'sync/edits-not-pushed' })
    expect((await server.api.gitops('last')).enabled).toBe(true)
    await hook('last', '#!/bin/sh\nexit 0\n')
    await disable('last', { openEdits: 'push' })
    expect(await (await person('last')).read('litmus/last/one.yaml')).toBe(later('one'))
    expect(await server.api.workflow('last', 'one')).toMatchObject({ text: later('one'), sync: 'not-in-git' })
  })
})
