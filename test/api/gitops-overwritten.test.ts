import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Revision } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, inGit, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const latency = (ms: string) => shopWorkflow('one').replace('"3000"', `"${ms}"`)
const syncNow = (project: string) => server.api.post(`/projects/${project}/gitops/sync`)
const overwritten = async (project: string) => (await server.api.workflow(project, 'one')).overwritten
const revisions = async (project: string) =>
  (await server.api.get<{ items: Revision[] }>(`/projects/${project}/workflows/one/revisions`)).items

/** A workflow from git whose latency was changed in the portal, and is in git; its file in a clone that has that. */
async function edited(project: string): Promise<{ person: Clone; path: string }> {
  const person = await cloneOf(server, await connectProject(server, project, { pollSeconds: 3600 }))
  const path = `litmus/${project}/one.yaml`
  await person.push(path, shopWorkflow('one'), 'Add one')
  await syncNow(project)
  await save(project, latency('2000'))
  await person.git('pull', '--quiet')
  return { person, path }
}

async function save(project: string, text: string): Promise<void> {
  const { etag } = await server.api.workflow(project, 'one')
  await server.api.saveWorkflow(project, 'one', { text, etag, message: 'Less latency' })
  await inGit(server, project, 'one', text)
}

it('an edit that was in git and is rewritten by somebody else says by whom and in which commit, with both revisions', async () => {
  const { person, path } = await edited('told')
  const kept = await person.push(path, `${latency('2000')}# elsewhere\n`, 'Change something else')
  await syncNow('told')
  expect(await server.api.workflow('told', 'one')).toMatchObject({ commit: kept, overwritten: null })
  const commit = await person.push(path, `${latency('1500')}# elsewhere\n`, 'Even less')
  await syncNow('told')
  expect(await overwritten('told')).toMatchObject({
    revision: 2,
    author: 'Admin',
    message: 'Less latency',
    by: { revision: 4, author: 'Dana Developer', commit }
  })
  const told = await revisions('told')
  expect(told.map(({ number, overwritten: by }) => [number, by?.revision ?? null])).toEqual([
    [4, null],
    [3, null],
    [2, 4],
    [1, null]
  ])
  await person.push(path, `${latency('1500')}# later\n`, 'Later')
  await syncNow('told')
  expect((await overwritten('told'))?.by.commit).toBe(commit)
})

it('restored, nothing is overwritten any more; the history keeps it', async () => {
  const { etag } = await server.api.workflow('told', 'one')
  await server.api.post('/projects/told/workflows/one/revisions/2/restore', {}, { 'if-match': etag, prefer: 'wait' })
  await inGit(server, 'told', 'one', latency('2000'))
  expect(await overwritten('told')).toBeNull()
  expect((await revisions('told')).find(({ number }) => number === 2)?.overwritten).toMatchObject({ revision: 4 })
})

it('an edit whose commit a rewritten history lacks is overwritten as well', async () => {
  const { person, path } = await edited('forced')
  await person.git('reset', '--quiet', '--hard', 'HEAD~1')
  await person.write(path, `${shopWorkflow('one')}# without it\n`)
  await person.git('commit', '--quiet', '--all', '--message', 'Without it')
  await person.git('push', '--quiet', '--force', 'origin', 'HEAD:main')
  await syncNow('forced')
  const [withheld] = (await server.api.gitops('forced')).sync.withheld
  await server.api.post(`/projects/forced/gitops/withheld/${withheld?.id}/accept`)
  expect(await overwritten('forced')).toMatchObject({ revision: 2, by: { author: 'Dana Developer' } })
})

it('an edit of the portal over another one is no overwriting in git, nor is a change of what was new', async () => {
  const { person, path } = await edited('own')
  await save('own', latency('100'))
  expect(await overwritten('own')).toBeNull()
  await person.git('pull', '--quiet')
  await person.push(path, `${latency('100')}# more\n`, 'More')
  await syncNow('own')
  expect((await revisions('own')).map((revision) => revision.overwritten)).toEqual([null, null, null, null])
})
