import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RepositoryFile } from '../../src/contract/index.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, startTestServer, type TestServer } from '../harness/server.ts'

/** Settings → GitOps lists every file of the project's folder with what became of it. */

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

type FilePage = { items: RepositoryFile[]; next: string | null }
const sync = (project: string) => server.api.post(`/projects/${project}/gitops/sync`)
const files = (project: string, query = '') => server.api.get<FilePage>(`/projects/${project}/gitops/files${query}`)

it('in git, invalid with its line, ignored with the reason, and waiting for git', async () => {
  const person = await cloneOf(server, await connectProject(server, 'files', { pollSeconds: 3600 }))
  const good = await person.push('litmus/files/one.yaml', shopWorkflow('one'), 'Add one')
  await person.write('litmus/files/notes.txt', 'Notes\n')
  await person.git('-c', 'core.symlinks=true', 'add', '--all')
  const bad = await person.push('litmus/files/two.yaml', `${shopWorkflow('two')}  broken: [\n`, 'Add two')
  await sync('files')
  await server.api.post('/projects/files/gitops/pause')
  await server.api.createWorkflow('files', shopWorkflow('new'), 'Add new')
  const { items } = await files('files')
  expect(items.map(({ path, state, workflow, commit }) => [path, state, workflow, commit])).toEqual([
    ['litmus/files/README.md', 'ignored', null, expect.stringMatching(/^[\da-f]{40}$/)],
    ['litmus/files/new.yaml', 'waiting-for-git', 'new', null],
    ['litmus/files/notes.txt', 'ignored', null, bad],
    ['litmus/files/one.yaml', 'in-git', 'one', good],
    ['litmus/files/two.yaml', 'invalid-in-git', null, bad]
  ])
  expect(items[0]?.note).toContain('does not end in .yaml')
  expect(items[1]?.note).toContain('paused by admin')
  expect(items[4]?.problems[0]?.line).toBeGreaterThan(1)
})

it('one that was broken later keeps its workflow, and is linked at the commit that broke it', async () => {
  const person = await cloneOf(server, await connectProject(server, 'broken', { pollSeconds: 3600 }))
  const good = await person.push('litmus/broken/one.yaml', shopWorkflow('one'), 'Add one')
  await sync('broken')
  const bad = await person.push('litmus/broken/one.yaml', 'kind: [\n', 'Break it')
  await sync('broken')
  const { items } = await files('broken', '?q=one')
  expect(items).toMatchObject([{ state: 'invalid-in-git', workflow: 'one', commit: bad }])
  expect(await server.api.workflow('broken', 'one')).toMatchObject({ commit: good, fileCommit: bad })
})

it('what is gone from git and waits for approval stays in the list; what is deleted leaves it', async () => {
  const person = await cloneOf(server, await connectProject(server, 'gone', { pollSeconds: 3600 }))
  for (const name of ['a', 'b', 'c']) await person.push(`litmus/gone/${name}.yaml`, shopWorkflow(name), `Add ${name}`)
  await sync('gone')
  await person.git('rm', '--quiet', 'litmus/gone/a.yaml', 'litmus/gone/b.yaml')
  await person.push('notes.md', 'x', 'Remove two')
  await sync('gone')
  const states = async () => (await files('gone')).items.map(({ path, state }) => [path.slice(12), state])
  expect(await states()).toEqual([
    ['README.md', 'ignored'],
    ['a.yaml', 'withheld'],
    ['b.yaml', 'withheld'],
    ['c.yaml', 'in-git']
  ])
  const { withheld } = (await server.api.gitops('gone')).sync
  await server.api.post(`/projects/gone/gitops/withheld/${withheld[0]?.id}/accept`)
  expect(await states()).toEqual([
    ['README.md', 'ignored'],
    ['c.yaml', 'in-git']
  ])
})

it('comes in pages by path, and a cursor that is not one of ours is refused', async () => {
  const first = await files('gone', '?limit=1')
  expect(first.items.map(({ path }) => path)).toEqual(['litmus/gone/README.md'])
  const second = await files('gone', `?limit=1&cursor=${first.next}`)
  expect(second).toMatchObject({ items: [{ path: 'litmus/gone/c.yaml' }], next: null })
  await expect(files('gone', '?cursor=AA')).rejects.toMatchObject({ code: 'api/bad-cursor' })
})
