import { rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gitops, Pass, SyncStatus } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']

/** A project with nine workflows in git; nobody looks at git unless asked. */
async function filled(project: string): Promise<{ person: Clone; url: string }> {
  const url = await connectProject(server, project, { pollSeconds: 3600 })
  const person = await cloneOf(server, url)
  for (const name of NAMES) await person.write(`litmus/${project}/${name}.yaml`, shopWorkflow(name))
  await person.push(`litmus/${project}/README.md`, 'ours', 'Add nine')
  await syncNow(project)
  expect(await names(project)).toEqual(NAMES)
  return { person, url }
}

const syncNow = (project: string) => server.api.post<SyncStatus>(`/projects/${project}/gitops/sync`)
const names = async (project: string) => (await server.api.workflows(project)).items.map(({ name }) => name)
const accept = async (project: string) => {
  const [withheld] = (await server.api.gitops(project)).sync.withheld
  return server.api.post<SyncStatus>(`/projects/${project}/gitops/withheld/${withheld?.id}/accept`)
}

/** On the host itself: what a push may not do to the default branch. */
const renameBranch = (person: Clone, project: string, from: string, to: string) =>
  person.git('--git-dir', server.git.repositoryFolder(project), 'branch', '--move', from, to)

describe('nothing is deleted or rewritten unseen', () => {
  it('more than three deletions stall with the list, until a person accepts', async () => {
    const { person } = await filled('many')
    await person.git('rm', '--quiet', ...['a', 'b', 'c', 'd'].map((name) => `litmus/many/${name}.yaml`))
    await person.push('litmus/many/i.yaml', `${shopWorkflow('i')}# changed\n`, 'Remove four, change one')
    const status = await syncNow('many')
    expect(status).toMatchObject({ status: 'stalled', code: 'sync/deletions', cause: 'yours' })
    expect(status.withheld[0]?.paths).toEqual(['a', 'b', 'c', 'd'].map((name) => `litmus/many/${name}.yaml`))
    expect(await names('many')).toEqual(NAMES)
    expect(await server.api.workflow('many', 'a')).toMatchObject({ sync: 'withheld', suspended: expect.any(String) })
    await inGit(server, 'many', 'i', `${shopWorkflow('i')}# changed\n`)
    expect(await accept('many')).toMatchObject({ status: 'ready', withheld: [] })
    expect(await names('many')).toEqual(NAMES.slice(4))
  })

  it('deletions that come back in git are withheld no more', async () => {
    const { person } = await filled('back')
    const before = await person.head()
    await person.git('rm', '--quiet', '-r', 'litmus/back')
    await person.push('other.md', 'other', 'Remove the folder')
    expect(await syncNow('back')).toMatchObject({ status: 'stalled', withheld: [{ kind: 'missing-path' }] })
    await person.git('revert', '--no-edit', 'HEAD')
    await person.git('push', '--quiet')
    expect(await syncNow('back')).toMatchObject({ status: 'ready', withheld: [] })
    expect(await names('back')).toEqual(NAMES)
    expect(await person.log('%H')).toContain(before)
  })

  it('a rewritten history stalls; accepting takes it as it is', async () => {
    const { person } = await filled('rewritten')
    await person.write('litmus/rewritten/a.yaml', `${shopWorkflow('a')}# amended\n`)
    await person.git('commit', '--quiet', '--all', '--amend', '--message', 'Amended')
    await person.git('push', '--quiet', '--force', 'origin', 'HEAD:main')
    expect(await syncNow('rewritten')).toMatchObject({
      status: 'stalled',
      code: 'sync/rewritten',
      withheld: [{ kind: 'rewrite' }]
    })
    expect((await server.api.workflow('rewritten', 'a')).text).toBe(shopWorkflow('a'))
    expect(await accept('rewritten')).toMatchObject({ status: 'ready', withheld: [] })
    await inGit(server, 'rewritten', 'a', `${shopWorkflow('a')}# amended\n`)
    const { items } = await server.api.get<{ items: Pass[] }>('/projects/rewritten/gitops/passes')
    expect(items.some(({ message }) => message?.includes('rewritten'))).toBe(true)
  })

  it('a branch that went missing deletes nothing; accepting makes it again where it was', async () => {
    const { person } = await filled('missing')
    const tip = await person.head()
    await renameBranch(person, 'missing', 'main', 'spare')
    expect(await syncNow('missing')).toMatchObject({ status: 'stalled', code: 'git/missing-branch' })
    expect(await names('missing')).toEqual(NAMES)
    const edit = await server.api.workflow('missing', 'a')
    await server.api.saveWorkflow('missing', 'a', { text: `${edit.text}# x\n`, etag: edit.etag, message: 'Wait' })
    expect(await server.api.workflow('missing', 'a')).toMatchObject({
      sync: 'waiting-for-git',
      syncNote: expect.stringContaining('missing')
    })
    await accept('missing')
    await inGit(server, 'missing', 'a', `${edit.text}# x\n`)
    await person.git('fetch', '--quiet')
    expect(await person.git('merge-base', '--is-ancestor', tip, 'origin/main')).toBe('')
  })

  it('what comes back by itself needs no approval', async () => {
    const { person } = await filled('returned')
    await renameBranch(person, 'returned', 'main', 'spare')
    expect(await syncNow('returned')).toMatchObject({ status: 'stalled' })
    await renameBranch(person, 'returned', 'spare', 'main')
    expect(await syncNow('returned')).toMatchObject({ status: 'ready', withheld: [] })
  })
})

describe('a git host that says no', () => {
  it('a read-only token: edits are kept and wait with the reason, and go when there is a better one', async () => {
    const { url } = { url: await connectProject(server, 'readonly', { pollSeconds: 3600 }) }
    const settings = { url: server.git.url('readonly'), branch: 'main', username: 'x' }
    await server.api.put<Gitops>('/projects/readonly/gitops', { ...settings, token: server.readOnlyToken })
    await server.api.createWorkflow('readonly', shopWorkflow('kept'), 'Add kept')
    const look = () => server.api.workflow('readonly', 'kept').then(({ sync, syncNote }) => `${sync}: ${syncNote}`)
    await settles(look).toMatch(/waiting-for-git: .*write access/)
    expect(await syncNow('readonly')).toMatchObject({ status: 'stalled', code: 'git/read-only', cause: 'yours' })
    await server.api.put<Gitops>('/projects/readonly/gitops', { ...settings, token: server.gitToken })
    await inGit(server, 'readonly', 'kept', shopWorkflow('kept'))
    expect(await (await cloneOf(server, url)).read('litmus/readonly/kept.yaml')).toBe(shopWorkflow('kept'))
  })

  it('a push that a rule of the host rejects: its own words are shown, and other edits go on', async () => {
    const preReceive = `#!/bin/sh
while read old new ref; do
  if git diff --name-only "$old" "$new" 2>/dev/null | grep -q refused; then echo "no file of this name, says the rule"; exit 1; fi
done
`
    await connectProject(server, 'rules', { pollSeconds: 3600, preReceive })
    await server.api.createWorkflow('rules', shopWorkflow('refused'), 'Add refused')
    await server.api.createWorkflow('rules', shopWorkflow('welcome'), 'Add welcome')
    await inGit(server, 'rules', 'welcome', shopWorkflow('welcome'))
    const look = () => server.api.workflow('rules', 'refused').then(({ sync, syncNote }) => `${sync}: ${syncNote}`)
    await settles(look).toMatch(/waiting-for-git: .*says the rule/)
    await expect(server.api.startRun('rules', 'refused')).rejects.toThrow(/refused was saved and is still on its way/)
    await expect(server.api.startRun('rules', 'nowhere')).rejects.toThrow(/There is no workflow nowhere/)
  })

  it('a wrong token, a host that hangs, and one that is away: said, nothing lost, others go on', async () => {
    const { person } = await filled('away')
    const settings = { url: server.git.url('away'), branch: 'main', username: 'x' }
    await server.api.put<Gitops>('/projects/away/gitops', { ...settings, token: 'wrong' })
    expect(await syncNow('away')).toMatchObject({ status: 'stalled', code: 'git/auth', cause: 'yours' })
    expect(await names('away')).toEqual(NAMES)
    await server.api.put<Gitops>('/projects/away/gitops', { ...settings, token: server.gitToken })
    expect(await syncNow('away')).toMatchObject({ status: 'ready' })
    const folder = server.git.repositoryFolder('away')
    await rename(folder, `${folder}.gone`)
    expect(await syncNow('away')).toMatchObject({ code: 'git/not-found' })
    await rename(`${folder}.gone`, folder)
    await person.push('litmus/away/a.yaml', `${shopWorkflow('a')}# later\n`, 'Later')
    await syncNow('away')
    await inGit(server, 'away', 'a', `${shopWorkflow('a')}# later\n`)
  })
})

describe('automatic runs', () => {
  it('are suspended, a person may still start one', async () => {
    const { person } = await filled('suspended')
    await person.git('rm', '--quiet', '-r', 'litmus/suspended')
    await person.push('other.md', 'other', 'Remove the folder')
    await syncNow('suspended')
    expect((await server.api.workflow('suspended', 'a')).suspended).toBeTruthy()
    // there is no infrastructure in this project: that is what is said, and not the suspension
    await expect(server.api.startRun('suspended', 'a')).rejects.toThrow(/infrastructure/)
  })
})
