import { afterAll, beforeAll, expect, it } from 'vitest'
import type { EditRequest, Gitops, RunRequest, SyncStatus } from '../../src/contract/index.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { requestRun } from '../../src/store/runs/request.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const pause = (project: string) => server.api.post<Gitops>(`/projects/${project}/gitops/pause`)
const resume = (project: string) => server.api.post<Gitops>(`/projects/${project}/gitops/resume`)
const tipChecks = (project: string) =>
  server.store.db
    .selectFrom('syncState')
    .select('checkedAt')
    .where('projectId', '=', project)
    .executeTakeFirstOrThrow()
    .then(({ checkedAt }) => checkedAt?.getTime())

it('while it is paused nothing is polled or pushed, edits wait and say by whom; afterwards all of it arrives', async () => {
  const person = await cloneOf(server, await connectProject(server, 'rest', { pollSeconds: 1 }))
  await person.push('litmus/rest/one.yaml', shopWorkflow('one'), 'Add one')
  await inGit(server, 'rest', 'one', shopWorkflow('one'))
  expect((await pause('rest')).sync).toMatchObject({ status: 'paused', paused: { by: 'admin' }, nextCheckAt: null })
  const before = await tipChecks('rest')

  const { etag, text } = await server.api.workflow('rest', 'one')
  const save = { text: `${text}# here\n`, etag, message: 'Change it' }
  const edit = await server.api.saveWorkflow('rest', 'one', save)
  expect(edit).toMatchObject({ state: 'open', reason: 'GitOps was paused by admin.' })
  await server.api.createWorkflow('rest', shopWorkflow('two'), 'Add two')
  const tip = await person.push('litmus/rest/three.yaml', shopWorkflow('three'), 'Add three')
  const other = await connectProject(server, 'busy', { pollSeconds: 1 })
  await (await cloneOf(server, other)).push('litmus/busy/x.yaml', shopWorkflow('x'), 'Add x')
  await inGit(server, 'busy', 'x', shopWorkflow('x'))

  expect(await tipChecks('rest')).toBe(before)
  const waiting = await server.api.workflows('rest')
  expect(waiting.items.map(({ name, sync, syncNote }) => ({ name, sync, syncNote }))).toEqual([
    { name: 'one', sync: 'waiting-for-git', syncNote: 'GitOps was paused by admin.' },
    { name: 'two', sync: 'waiting-for-git', syncNote: 'GitOps was paused by admin.' }
  ])
  await expect(server.api.post<SyncStatus>('/projects/rest/gitops/sync')).rejects.toMatchObject({ code: 'sync/paused' })
  expect((await person.git('ls-remote', 'origin', 'refs/heads/main')).slice(0, 40)).toBe(tip)

  expect((await resume('rest')).sync.paused).toBeNull()
  await inGit(server, 'rest', 'one', save.text)
  await inGit(server, 'rest', 'two', shopWorkflow('two'))
  await inGit(server, 'rest', 'three', shopWorkflow('three'))
  const stored = await server.api.get<EditRequest>(`/projects/rest/edits/${edit.id}`)
  expect(stored).toMatchObject({ state: 'merged', reason: null })
})

it('automatic runs are suspended while it is paused, runs by hand are not', async () => {
  const person = await cloneOf(server, await connectProject(server, 'runs', { pollSeconds: 3600 }))
  await person.push('litmus/runs/one.yaml', shopWorkflow('one'), 'Add one')
  await server.api.post('/projects/runs/gitops/sync')
  await server.api.post('/projects/runs/infrastructures', { name: 'here', kind: 'local' })
  await pause('runs')
  const { definition, suspended } = await server.api.workflow('runs', 'one')
  expect(suspended).toBe('GitOps is paused')
  const wish = { projectId: 'runs', definitionId: definition ?? '', parameters: {}, infrastructureId: null }
  const cause = { kind: 'git', commit: 'c0ffee', author: 'Ada', why: 'trailer' } as const
  const automatic = { ...wish, cause, dedupeKey: 'paused', automatic: true, now: new Date() }
  const { id } = await requestRun(server.store.db, automatic)
  await settles(() => server.api.runRequest('runs', id).then(({ state, reason }) => ({ state, reason }))).toEqual({
    state: 'dropped',
    reason: 'Automatic runs are suspended: GitOps was paused by admin.'
  })
  const byHand = await server.api.post<RunRequest>('/projects/runs/runs', { workflow: 'one' })
  await settles(() => server.api.runRequest('runs', byHand.id).then(({ state }) => state)).toBe('admitted')
})

it('a pause is in the audit, and needs GitOps to be on', async () => {
  await connectProject(server, 'told', { pollSeconds: 3600 })
  await pause('told')
  expect((await pause('told')).sync.paused?.by).toBe('admin')
  await resume('told')
  const { items } = await server.api.get<{ items: { action: string; before: unknown; after: unknown }[] }>(
    '/projects/told/audit'
  )
  const lines = items.filter(({ action }) => /pause|resume/.test(action))
  expect(lines.map(({ action }) => action)).toEqual(['gitops.resume', 'gitops.pause', 'gitops.pause'])
  expect(lines[0]).toMatchObject({ before: { paused: { by: 'admin' } }, after: { paused: null } })
  await server.api.post('/projects', { id: 'never', name: 'Never' })
  await expect(pause('never')).rejects.toMatchObject({ code: 'sync/off' })
})

it('turning it off while it is paused ends the pause', async () => {
  await connectProject(server, 'ended', { pollSeconds: 3600 })
  await pause('ended')
  await server.api.createWorkflow('ended', shopWorkflow('waits'), 'Add it')
  await server.api.post('/projects/ended/gitops/disable', { openEdits: 'apply' })
  expect(await server.api.workflow('ended', 'waits')).toMatchObject({ text: shopWorkflow('waits'), suspended: null })
  expect((await server.api.gitops('ended')).sync).toMatchObject({ status: 'off', paused: null })
})
