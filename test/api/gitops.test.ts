import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckResult, Gitops, Preview, RunRequest } from '../../src/contract/index.ts'
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

const clone = (url: string) => cloneOf(server, url)

describe('git and portal agree', () => {
  it('a push adds, changes and deletes workflows in the portal', async () => {
    const url = await connectProject(server, 'pushes')
    const person = await clone(url)
    const path = 'litmus/pushes/first.yaml'
    await person.push(path, shopWorkflow('first'), 'Add first')
    await inGit(server, 'pushes', 'first', shopWorkflow('first'))
    const changed = shopWorkflow('first').replace('"3000"', '"2500"')
    const commit = await person.push(path, changed, 'Less latency')
    await settles(() =>
      server.api.workflow('pushes', 'first').then(({ text, commit: shown }) => ({ text, shown }))
    ).toEqual({ text: changed, shown: commit })
    await person.remove(path, 'Remove first')
    await settles(() => server.api.workflows('pushes').then(({ items }) => items.length)).toBe(0)
  })

  it('what is created, edited and deleted in the portal is a commit of that person', async () => {
    const url = await connectProject(server, 'portal')
    const created = await server.api.createWorkflow('portal', shopWorkflow('mine'), 'Add mine')
    await settles(() => server.api.workflow('portal', 'mine').then((workflow) => workflow.sync)).toBe('in-git')
    const fresh = await clone(url)
    expect(await fresh.read('litmus/portal/mine.yaml')).toBe(shopWorkflow('mine'))
    expect(await fresh.log('%an|%s')).toContain('|Add mine')
    expect(created.path).toBe('litmus/portal/mine.yaml')

    const { etag } = await server.api.workflow('portal', 'mine')
    await server.api.deleteWorkflow('portal', 'mine', etag)
    await settles(() => server.api.workflows('portal').then(({ items }) => items.length)).toBe(0)
    await expect((await clone(url)).read('litmus/portal/mine.yaml')).rejects.toThrow(/ENOENT/)
  })

  it('an edit of a text that somebody else has changed meanwhile is refused, and nothing is lost', async () => {
    const url = await connectProject(server, 'stale')
    const person = await clone(url)
    await person.push('litmus/stale/one.yaml', shopWorkflow('one'), 'Add one')
    await inGit(server, 'stale', 'one', shopWorkflow('one'))
    const opened = await server.api.workflow('stale', 'one')
    const theirs = shopWorkflow('one').replace('"3000"', '"1"')
    await person.push('litmus/stale/one.yaml', theirs, 'Change it in git')
    await settles(() => server.api.workflow('stale', 'one').then((workflow) => workflow.text)).toBe(theirs)
    const edit = { text: shopWorkflow('one').replace('"3000"', '"2"'), etag: opened.etag, message: 'Change it here' }
    await expect(server.api.saveWorkflow('stale', 'one', edit)).rejects.toMatchObject({ code: 'api/stale' })
    expect((await server.api.workflow('stale', 'one')).text).toBe(theirs)
  })

  it('a bad file is shown with its line, keeps its last good revision, and harms no other', async () => {
    const url = await connectProject(server, 'bad')
    const person = await clone(url)
    await person.push('litmus/bad/one.yaml', shopWorkflow('one'), 'Add one')
    await inGit(server, 'bad', 'one', shopWorkflow('one'))
    await person.push('litmus/bad/one.yaml', `${shopWorkflow('one')}\n  broken: [`, 'Break one')
    await person.push('litmus/bad/two.yaml', shopWorkflow('two'), 'Add two')
    await inGit(server, 'bad', 'two', shopWorkflow('two'))
    const broken = await server.api.workflow('bad', 'one')
    expect(broken).toMatchObject({ sync: 'invalid-in-git', text: shopWorkflow('one') })
    expect(broken.problems[0]?.line).toBeGreaterThan(1)
  })
})

describe('files that move', () => {
  it('keep their workflow, its history and its edits; its old name still counts for workloads', async () => {
    const person = await clone(await connectProject(server, 'moves', { pollSeconds: 3600 }))
    const sync = () => server.api.post('/projects/moves/gitops/sync')
    await person.push('litmus/moves/one.yaml', shopWorkflow('one'), 'Add one')
    await person.push('litmus/moves/two.yaml', shopWorkflow('two'), 'Add two')
    await sync()
    const before = await server.api.workflow('moves', 'one')
    await person.write('litmus/moves/team/keep.md', '')
    await person.git('mv', 'litmus/moves/one.yaml', 'litmus/moves/team/first.yaml')
    const commit = await person.push('litmus/moves/team/keep.md', 'x', 'Move one')
    await sync()
    const moved = await server.api.workflow('moves', 'one')
    expect(moved).toMatchObject({ definition: before.definition, path: 'litmus/moves/team/first.yaml', commit })
    const edit = { text: `${moved.text}# here\n`, etag: moved.etag, message: 'Edit it at its new place' }
    await server.api.saveWorkflow('moves', 'one', edit)
    await inGit(server, 'moves', 'one', edit.text)
    await person.git('pull', '--quiet', '--rebase')
    expect(await person.read('litmus/moves/team/first.yaml')).toBe(edit.text)
    await person.push('litmus/moves/team/first.yaml', shopWorkflow('first'), 'Rename it')
    await sync()
    const renamed = await server.api.workflow('moves', 'first')
    expect(renamed.definition).toBe(before.definition)
    const items = await passItems(server, 'moves')
    expect(items.map(({ action }) => action)).toContain('move')
  })
})

describe('connecting a repository', () => {
  it('is off by default', async () => {
    await server.api.post('/projects', { id: 'off', name: 'Off' })
    expect(await server.api.gitops('off')).toMatchObject({ enabled: false, hasToken: false, sync: { status: 'off' } })
  })

  it('tests the connection step by step and names the failing one', async () => {
    await server.git.createRepository('tested', { branch: 'main' })
    const body = { url: server.git.url('tested'), branch: 'main', username: 'x' }
    const wrong = await server.api.post<CheckResult>('/projects/off/gitops/test', { ...body, token: 'wrong' })
    expect(wrong.ok).toBe(false)
    expect(wrong.steps.find((step) => step.state === 'failed')?.name).toBe('authentication')
    const right = await server.api.post<CheckResult>('/projects/off/gitops/test', { ...body, token: server.gitToken })
    expect(right.steps.filter((step) => step.state === 'failed')).toEqual([])
  })

  it('previews what it would import, and never gives the token back', async () => {
    await server.api.post('/projects', { id: 'preview', name: 'Preview' })
    await server.git.createRepository('preview', { branch: 'main' })
    const url = server.git.url('preview')
    const person = await clone(url.replace('http://', `http://x:${server.gitToken}@`))
    await person.push('litmus/preview/one.yaml', shopWorkflow('one'), 'Add one')
    await server.api.put('/projects/preview/gitops', { url, branch: 'main', username: 'x', token: server.gitToken })
    const preview = await server.api.post<Preview>('/projects/preview/gitops/preview')
    expect(preview).toMatchObject({
      creates: 'nothing',
      items: [{ path: 'litmus/preview/one.yaml', action: 'import' }]
    })
    expect(JSON.stringify(await server.api.get<Gitops>('/projects/preview/gitops'))).not.toContain(server.gitToken)
  })

  it('makes the first commit of an empty repository only when a person agrees', async () => {
    await server.api.post('/projects', { id: 'empty', name: 'Empty' })
    await server.git.createRepository('empty', { branch: 'main' })
    await server.api.put('/projects/empty/gitops', {
      url: server.git.url('empty'),
      branch: 'main',
      username: 'x',
      token: server.gitToken
    })
    expect(await server.api.post<Preview>('/projects/empty/gitops/preview')).toMatchObject({ creates: 'first-commit' })
    await expect(server.api.post('/projects/empty/gitops/enable', { create: false })).rejects.toThrow()
    expect(await server.api.post<Gitops>('/projects/empty/gitops/enable', { create: true })).toMatchObject({
      enabled: true
    })
  })

  it('makes a missing branch where the default branch is, only when a person agrees', async () => {
    await server.git.createRepository('branch', { branch: 'main' })
    await server.api.post('/projects', { id: 'branch', name: 'Branch' })
    const url = server.git.url('branch')
    const person = await clone(url.replace('http://', `http://x:${server.gitToken}@`))
    const commit = await person.push('litmus/branch/one.yaml', shopWorkflow('one'), 'Add one')
    const settings = { url, branch: 'chaos/team-a', username: 'x', token: server.gitToken }
    await server.api.put('/projects/branch/gitops', settings)
    expect(await server.api.post<Preview>('/projects/branch/gitops/preview')).toMatchObject({ creates: 'branch' })
    await expect(server.api.post('/projects/branch/gitops/enable', {})).rejects.toMatchObject({
      code: 'sync/nothing-there'
    })
    await server.api.post('/projects/branch/gitops/enable', { create: true })
    await inGit(server, 'branch', 'one', shopWorkflow('one'))
    await person.git('fetch', '--quiet')
    expect((await person.git('rev-parse', 'origin/chaos/team-a')).trim()).toBe(commit)
  })

  it('turning it off with open edits asks what becomes of them', async () => {
    await connectProject(server, 'disable', { pollSeconds: 3600 })
    await server.git.close()
    await server.api.createWorkflow('disable', shopWorkflow('waiting'), 'Add while git is away')
    await expect(server.api.post('/projects/disable/gitops/disable', {})).rejects.toMatchObject({
      code: 'sync/open-edits'
    })
    await server.api.post('/projects/disable/gitops/disable', { openEdits: 'apply' })
    await settles(() => server.api.workflow('disable', 'waiting').then(({ text }) => text)).toBe(
      shopWorkflow('waiting')
    )
  })
})

describe('a run by hand', () => {
  it('takes the parameters and the infrastructure that are given with it', async () => {
    await server.api.post('/projects', { id: 'by-hand', name: 'By hand' })
    const text = shopWorkflow('asks').replace(
      '  entrypoint: chaos\n',
      '  entrypoint: chaos\n  arguments:\n    parameters:\n      - name: app\n'
    )
    const placed = text.replaceAll('applabel: app=catalog', 'applabel: app={{workflow.parameters.app}}')
    await server.api.createWorkflow('by-hand', placed, 'Add it')
    await settles(() => server.api.workflow('by-hand', 'asks').then(({ definition }) => definition !== null)).toBe(true)
    for (const name of ['here', 'there'])
      await server.api.post('/projects/by-hand/infrastructures', { name: `by-hand-${name}`, kind: 'local' })
    const start = (more: object) => server.api.post<RunRequest>('/projects/by-hand/runs', { workflow: 'asks', ...more })
    await expect(start({})).rejects.toThrow(/app has no value/)
    const { id } = await start({ parameters: { app: 'cart' }, infrastructure: 'by-hand-there' })
    await settles(() => server.api.runRequest('by-hand', id).then(({ state }) => state)).toBe('admitted')
    const { run } = await server.api.runRequest('by-hand', id)
    const started = await server.api.run('by-hand', run ?? '')
    expect(started.infrastructure.name).toBe('by-hand-there')
    expect(JSON.stringify(started.plan)).toContain('"app":"cart"')
  })
})
