import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Run, RunRequest, SyncStatus } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import type { RunOnPush } from '../../src/domain/index.ts'
import { cloneOf, connectProject, passItems, settles, startTestServer, type TestServer } from '../harness/server.ts'

/** Runs that a push starts. There is no agent: a run that is asked for is admitted and waits, which is enough to see it. */
let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const syncNow = (project: string) => server.api.post<SyncStatus>(`/projects/${project}/gitops/sync`)

/** A project with one workflow in git, and then the choice what a push may start. */
async function project(name: string, runOnPush: RunOnPush): Promise<Clone> {
  const person = await cloneOf(server, await connectProject(server, name, { pollSeconds: 3600 }))
  await server.api.post(`/projects/${name}/infrastructures`, { name: `place-${name}`, kind: 'local' })
  await person.push(`litmus/${name}/first.yaml`, shopWorkflow('first'), 'Add first')
  await syncNow(name)
  const settings = { url: server.git.url(name), branch: 'main', username: 'test', token: server.gitToken }
  await server.api.put(`/projects/${name}/gitops`, { ...settings, runOnPush })
  await syncNow(name)
  return person
}

async function causes(name: string): Promise<string[]> {
  await syncNow(name)
  await new Promise((resolve) => setTimeout(resolve, 300))
  const { items } = await server.api.get<{ items: Run[] }>(`/projects/${name}/runs`)
  return items.map(({ workflow, cause }) => `${workflow} ${cause.kind === 'git' ? cause.why : cause.kind}`).sort()
}

it('never: a push starts nothing, whatever its trailer says', async () => {
  const person = await project('never', 'never')
  await person.push('litmus/never/two.yaml', shopWorkflow('two'), 'Add two\n\nChaos-Run: two\nChaos-Run: first')
  expect(await causes('never')).toEqual([])
})

it('by trailer only: the workflows that a commit names, once, whatever is repeated', async () => {
  const person = await project('trailer', 'trailer')
  await person.push('litmus/trailer/two.yaml', shopWorkflow('two'), 'Add two')
  expect(await causes('trailer')).toEqual([])
  await person.push('notes.md', 'release 7', 'Release 7\n\nChaos-Run: first\nChaos-Run: nobody')
  expect(await causes('trailer')).toEqual(['first trailer'])
  for (let again = 0; again < 3; again++) await syncNow('trailer')
  expect(await causes('trailer')).toEqual(['first trailer'])
  const items = await passItems(server, 'trailer')
  expect(items.find(({ action }) => action === 'run')?.note).toMatch(/trailer, commit/)
})

it('when added, when changed: people’s commits only, and a file may say never', async () => {
  const person = await project('changed', 'changed')
  const quiet = shopWorkflow('quiet').replace(
    '  name: quiet\n',
    '  name: quiet\n  annotations:\n    faultline.dev/run-on-push: never\n'
  )
  await person.write('litmus/changed/quiet.yaml', quiet)
  await person.write('litmus/changed/first.yaml', `${shopWorkflow('first')}# changed\n`)
  await person.push('litmus/changed/two.yaml', shopWorkflow('two'), 'Add two, change first')
  expect(await causes('changed')).toEqual(['first changed', 'two added'])
  const { text, etag } = await server.api.workflow('changed', 'two')
  await server.api.saveWorkflow('changed', 'two', { text: `${text}# here\n`, etag, message: 'Change it in the portal' })
  expect(await causes('changed')).toEqual(['first changed', 'two added'])
})

it('what was there before GitOps was turned on, and a rewritten history, start nothing', async () => {
  await server.git.createRepository('before', { branch: 'main' })
  await server.api.post('/projects', { id: 'before', name: 'Before' })
  await server.api.post('/projects/before/infrastructures', { name: 'place-before', kind: 'local' })
  const url = server.git.url('before')
  const person = await cloneOf(server, url.replace('http://', `http://x:${server.gitToken}@`))
  await person.push('litmus/before/one.yaml', shopWorkflow('one'), 'Add one\n\nChaos-Run: one')
  const settings = {
    url,
    branch: 'main',
    username: 'x',
    token: server.gitToken,
    runOnPush: 'changed',
    pollSeconds: 3600
  }
  await server.api.put('/projects/before/gitops', settings)
  await server.api.post('/projects/before/gitops/enable', {})
  expect(await causes('before')).toEqual([])
  await person.write('litmus/before/one.yaml', `${shopWorkflow('one')}# amended\n`)
  await person.git('commit', '--quiet', '--all', '--amend', '--message', 'Amended\n\nChaos-Run: one')
  await person.git('push', '--quiet', '--force', 'origin', 'HEAD:main')
  const { withheld } = await syncNow('before')
  await server.api.post(`/projects/before/gitops/withheld/${withheld[0]?.id}/accept`)
  await settles(() => server.api.workflow('before', 'one').then(({ text }) => text)).toContain('# amended')
  expect(await causes('before')).toEqual([])
})

it('a workflow whose deletion is on its way is not started by a push', async () => {
  const person = await project('held', 'trailer')
  const { etag } = await server.api.workflow('held', 'first')
  await server.git.hang(true)
  await server.api.deleteWorkflow('held', 'first', etag)
  await server.git.hang(false)
  // the deletion may be pushed first: what is asked for then comes after it, and starts nothing either
  await person.push('notes.md', 'x', 'Ask\n\nChaos-Run: first').catch(async () => {
    await person.git('pull', '--quiet', '--rebase', 'origin', 'main')
    await person.git('push', '--quiet', 'origin', 'HEAD:main')
  })
  expect(await causes('held')).toEqual([])
  const requests = await server.api.get<{ items: RunRequest[] }>('/projects/held/runs')
  expect(requests.items).toEqual([])
})
