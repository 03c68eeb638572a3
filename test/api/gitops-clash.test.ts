import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EditRequest, Gitops } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import {
  cloneOf,
  connectProject,
  inGit,
  passItems,
  settles,
  startTestServer,
  type TestServer
} from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const latency = (ms: string, name = 'one') => shopWorkflow(name).replace('"3000"', `"${ms}"`)

/** A workflow that both sides change before either has seen the other's: nobody looks at git between their push and our save. */
async function clash(project: string, theirs: (person: Clone, path: string) => Promise<unknown>): Promise<Clone> {
  const url = await connectProject(server, project, { pollSeconds: 3600 })
  const person = await cloneOf(server, url)
  const path = `litmus/${project}/one.yaml`
  await person.push(path, shopWorkflow('one'), 'Add one')
  await person.push(`litmus/${project}/two.yaml`, shopWorkflow('two'), 'Add two')
  await server.api.post(`/projects/${project}/gitops/sync`)
  await inGit(server, project, 'two', shopWorkflow('two'))
  await inGit(server, project, 'one', shopWorkflow('one'))
  const opened = await server.api.workflow(project, 'one')
  await theirs(person, path)
  await server.api.saveWorkflow(project, 'one', { text: latency('111'), etag: opened.etag, message: 'Ours' })
  await settles(() => server.api.workflow(project, 'one').then(({ sync }) => sync)).toBe('conflict')
  return person
}

const resolve = (project: string, keep: 'git' | 'portal') =>
  server.api.post<EditRequest>(`/projects/${project}/workflows/one/resolve`, { keep })

describe('both sides changed one workflow', () => {
  it('is a conflict with both texts; keep git ends the edit, whose text stays in the history', async () => {
    const theirs = latency('222')
    await clash('keep-git', (person, path) => person.push(path, theirs, 'Theirs'))
    const before = await server.api.workflow('keep-git', 'one')
    expect(before.conflict).toMatchObject({ gitText: theirs, gitAuthor: 'Dana Developer', portalText: latency('111') })
    expect(before.text).toBe(theirs)
    await resolve('keep-git', 'git')
    await inGit(server, 'keep-git', 'one', theirs)
    expect((await server.api.workflow('keep-git', 'one')).conflict).toBeNull()
    const texts = await revisionTexts('keep-git', 'one')
    expect(texts).toContain(latency('111'))
    expect(texts).toContain(theirs)
  })

  it('keep portal is a commit on top of theirs', async () => {
    const person = await clash('keep-portal', (someone, path) => someone.push(path, latency('222'), 'Theirs'))
    await resolve('keep-portal', 'portal')
    await inGit(server, 'keep-portal', 'one', latency('111'))
    await person.git('pull', '--quiet')
    expect(await person.read('litmus/keep-portal/one.yaml')).toBe(latency('111'))
    expect(await person.log('%s')).toContain('Theirs')
  })

  it('blocks only its own definition', async () => {
    await clash('blocks', (person, path) => person.push(path, latency('222'), 'Theirs'))
    const two = await server.api.workflow('blocks', 'two')
    const edit = { text: latency('5', 'two'), etag: two.etag, message: 'Two' }
    await server.api.saveWorkflow('blocks', 'two', edit)
    await inGit(server, 'blocks', 'two', latency('5', 'two'))
    expect((await server.api.workflow('blocks', 'one')).sync).toBe('conflict')
  })

  it('an edit of what git has deleted: keep git deletes it, keep portal brings it back', async () => {
    await clash('deleted-git', (person, path) => person.remove(path, 'Remove one'))
    expect((await server.api.workflow('deleted-git', 'one')).conflict).toMatchObject({ gitText: null })
    await resolve('deleted-git', 'git')
    await settles(() => server.api.workflows('deleted-git').then(({ items }) => items.map(({ name }) => name))).toEqual(
      ['two']
    )
    const person = await clash('deleted-portal', (someone, path) => someone.remove(path, 'Remove one'))
    await resolve('deleted-portal', 'portal')
    await inGit(server, 'deleted-portal', 'one', latency('111'))
    await person.git('pull', '--quiet')
    expect(await person.read('litmus/deleted-portal/one.yaml')).toBe(latency('111'))
  })

  it('discarding the edit ends the conflict too', async () => {
    await clash('discard', (person, path) => person.push(path, latency('222'), 'Theirs'))
    const [edit] = (await server.api.workflow('discard', 'one')).edits
    await server.api.post(`/projects/discard/edits/${edit?.id}/discard`)
    await inGit(server, 'discard', 'one', latency('222'))
    expect(await revisionTexts('discard', 'one')).toContain(latency('111'))
  })
})

describe('what is here already when GitOps is turned on', () => {
  it('the same merges, one side only is imported or exported, different texts are a conflict', async () => {
    await server.git.createRepository('both', { branch: 'main' })
    await server.api.post('/projects', { id: 'both', name: 'Both' })
    for (const name of ['same', 'here', 'differs']) {
      await server.api.createWorkflow('both', shopWorkflow(name), `Add ${name}`)
      await settles(() => server.api.workflow('both', name).then(({ definition }) => definition !== null)).toBe(true)
    }
    const url = server.git.url('both')
    const person = await cloneOf(server, url.replace('http://', `http://x:${server.gitToken}@`))
    for (const name of ['same', 'there'])
      await person.push(`litmus/both/${name}.yaml`, shopWorkflow(name), `Add ${name}`)
    await person.push('litmus/both/differs.yaml', latency('1', 'differs'), 'Add differs')
    await server.api.put('/projects/both/gitops', { url, branch: 'main', username: 'x', token: server.gitToken })
    const preview = await server.api.post<{ items: { path: string; action: string }[] }>(
      '/projects/both/gitops/preview'
    )
    expect(preview.items.map(({ path, action }) => `${path.slice(12, -5)} ${action}`)).toEqual([
      'differs conflict',
      'here export',
      'same same',
      'there import'
    ])
    await server.api.post('/projects/both/gitops/enable', {})
    await inGit(server, 'both', 'here', shopWorkflow('here'))
    await inGit(server, 'both', 'there', shopWorkflow('there'))
    await inGit(server, 'both', 'same', shopWorkflow('same'))
    const differs = await server.api.workflow('both', 'differs')
    expect(differs.conflict).toMatchObject({ gitText: latency('1', 'differs'), portalText: shopWorkflow('differs') })
    await person.git('pull', '--quiet')
    expect(await person.log('%s')).not.toContain('Add same\nAdd same')
    expect(await person.read('litmus/both/here.yaml')).toBe(shopWorkflow('here'))
  })

  it('two projects may share a branch, and no folder of it', async () => {
    await connectProject(server, 'first')
    await server.api.post('/projects', { id: 'second', name: 'Second' })
    const settings = { url: server.git.url('first'), branch: 'main', username: 'x', token: server.gitToken }
    const save = (path: string) => server.api.put('/projects/second/gitops', { ...settings, path })
    const enable = () => server.api.post<Gitops>('/projects/second/gitops/enable', {})
    for (const path of ['litmus', 'litmus/first', 'litmus/first/deeper']) {
      await save(path)
      await expect(enable()).rejects.toMatchObject({ code: 'sync/overlap' })
    }
    await expect(save('../first')).rejects.toMatchObject({ code: 'sync/bad-folder' })
    await save('litmus/second')
    expect(await enable()).toMatchObject({ enabled: true, path: 'litmus/second' })
  })

  it('the history of passes says what each did', async () => {
    const items = await passItems(server, 'both')
    expect(items.map(({ action, path }) => `${action} ${path}`)).toEqual(
      expect.arrayContaining([
        'create litmus/both/there.yaml',
        'commit litmus/both/here.yaml',
        'conflict litmus/both/differs.yaml'
      ])
    )
  })
})

async function revisionTexts(project: string, name: string): Promise<string[]> {
  const base = `/projects/${project}/workflows/${name}/revisions`
  const { items } = await server.api.get<{ items: { number: number }[] }>(base)
  return Promise.all(items.map(({ number }) => server.api.text(`${base}/${number}/manifest`)))
}
