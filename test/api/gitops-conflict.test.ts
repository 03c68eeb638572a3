import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeletedWorkflow, EditRequest, Revision } from '../../src/contract/index.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const BASE = shopWorkflow('one')
const sync = (project: string) => server.api.post(`/projects/${project}/gitops/sync`)
const resolve = (project: string, body: object) =>
  server.api.post<EditRequest>(`/projects/${project}/workflows/one/resolve`, body)
const texts = async (project: string, name: string) => {
  const { items } = await server.api.get<{ items: Revision[] }>(`/projects/${project}/workflows/${name}/revisions`)
  return Promise.all(
    items.map(({ number }) => server.api.text(`/projects/${project}/workflows/${name}/revisions/${number}/manifest`))
  )
}

/** Both sides have changed one workflow, made from one text. */
async function conflicted(project: string): Promise<Clone> {
  const person = await cloneOf(server, await connectProject(server, project, { pollSeconds: 3600 }))
  await person.push(`litmus/${project}/one.yaml`, BASE, 'Add one')
  await sync(project)
  const { etag } = await server.api.workflow(project, 'one')
  await person.push(`litmus/${project}/one.yaml`, `${BASE}# git\n`, 'Change it in git')
  await server.api.saveWorkflow(project, 'one', { text: `${BASE}# portal\n`, etag, message: 'Mine', wait: false })
  await settles(() => server.api.workflow(project, 'one').then((workflow) => workflow.sync)).toBe('conflict')
  return person
}

describe('a text written of both sides', () => {
  it('is committed in the place of the edit in conflict, and every text stays in the history', async () => {
    const person = await conflicted('both')
    const { conflict } = await server.api.workflow('both', 'one')
    expect(conflict).toMatchObject({
      baseText: BASE,
      gitText: `${BASE}# git\n`,
      portalText: `${BASE}# portal\n`,
      portalAuthor: 'Admin'
    })
    const both = `${BASE}# git\n# portal\n`
    const edit = await resolve('both', { text: both, seen: conflict?.gitCommit })
    expect(edit).toMatchObject({ action: 'resolve', message: 'Resolve the conflict of one' })
    await inGit(server, 'both', 'one', both)
    await person.git('pull', '--quiet', '--rebase')
    expect(await person.read('litmus/both/one.yaml')).toBe(both)
    expect(await texts('both', 'one')).toEqual(
      expect.arrayContaining([BASE, `${BASE}# git\n`, `${BASE}# portal\n`, both])
    )
    expect(await server.api.workflow('both', 'one')).toMatchObject({ conflict: null, edits: [] })
  })

  it('is judged as every manifest is, and about what was seen of git', async () => {
    const person = await conflicted('judged')
    const { conflict } = await server.api.workflow('judged', 'one')
    const seen = conflict?.gitCommit
    await expect(resolve('judged', { text: 'kind: [', seen })).rejects.toMatchObject({ code: 'manifest/invalid' })
    await expect(resolve('judged', { text: shopWorkflow('other'), seen })).rejects.toMatchObject({
      code: 'api/renamed'
    })
    await expect(resolve('judged', { text: BASE, keep: 'git' })).rejects.toMatchObject({ code: 'api/bad-request' })
    await expect(resolve('judged', {})).rejects.toMatchObject({ code: 'api/bad-request' })
    await person.push('litmus/judged/one.yaml', `${BASE}# newer\n`, 'Change it again')
    await sync('judged')
    await expect(resolve('judged', { text: `${BASE}# both\n`, seen })).rejects.toMatchObject({ code: 'api/moved' })
    expect(await server.api.workflow('judged', 'one')).toMatchObject({ sync: 'conflict' })
  })

  it('that git has by itself meanwhile ends the conflict without a commit', async () => {
    const person = await conflicted('same')
    const { conflict } = await server.api.workflow('same', 'one')
    await resolve('same', { text: `${BASE}# git\n`, seen: conflict?.gitCommit })
    await inGit(server, 'same', 'one', `${BASE}# git\n`)
    expect((await person.git('ls-remote', 'origin', 'refs/heads/main')).slice(0, 40)).toBe(await person.head())
    expect(await texts('same', 'one')).toContain(`${BASE}# portal\n`)
  })
})

describe('restoring', () => {
  it('an old revision is an edit of its text, over the text that was seen', async () => {
    const person = await cloneOf(server, await connectProject(server, 'old', { pollSeconds: 3600 }))
    await person.push('litmus/old/one.yaml', BASE, 'Add one')
    await person.push('litmus/old/one.yaml', `${BASE}# two\n`, 'Two')
    await sync('old')
    await person.push('litmus/old/one.yaml', `${BASE}# three\n`, 'Three')
    await sync('old')
    const { etag } = await server.api.workflow('old', 'one')
    const path = '/projects/old/workflows/one/revisions/1/restore'
    await expect(server.api.post(path)).rejects.toMatchObject({ code: 'api/precondition-required' })
    await expect(server.api.post(path, {}, { 'if-match': '"another"' })).rejects.toMatchObject({ code: 'api/stale' })
    const edit = await server.api.post<EditRequest>(path, {}, { 'if-match': etag })
    expect(edit).toMatchObject({ action: 'restore', message: 'Restore revision 1 of one' })
    await inGit(server, 'old', 'one', `${BASE}# two\n`)
  })

  it.each(['here', 'git'])('what was deleted comes back with its history (%s)', async (where) => {
    const project = `back-${where}`
    if (where === 'git') await connectProject(server, project, { pollSeconds: 3600 })
    else await server.api.post('/projects', { id: project, name: project })
    await server.api.createWorkflow(project, BASE, 'Add one')
    await settles(() => server.api.workflow(project, 'one').then((workflow) => workflow.text)).toBe(BASE)
    const { definition, etag } = await server.api.workflow(project, 'one')
    const deleted = () => server.api.get<{ items: DeletedWorkflow[] }>(`/projects/${project}/deleted-workflows`)
    expect((await deleted()).items).toEqual([])
    await server.api.deleteWorkflow(project, 'one', etag)
    await settles(() => deleted().then(({ items }) => items.map(({ name }) => name))).toEqual(['one'])

    const place = `/projects/${project}/deleted-workflows/${definition}`
    expect(await server.api.text(`${place}/manifest`)).toBe(BASE)
    expect(await server.api.post(`${place}/restore`)).toMatchObject({ action: 'restore', name: 'one' })
    await settles(() =>
      server.api.workflow(project, 'one').then(
        ({ definition: id, text }) => ({ id, text }),
        () => null
      )
    ).toEqual({ id: definition, text: BASE })
    expect(await texts(project, 'one')).toEqual([BASE, BASE])
    expect((await deleted()).items).toEqual([])
    await expect(server.api.post(`${place}/restore`)).rejects.toMatchObject({
      code: 'api/unknown-deleted-workflow'
    })
  })

  it('is refused where the name has been given to another file meanwhile', async () => {
    const person = await cloneOf(server, await connectProject(server, 'taken', { pollSeconds: 3600 }))
    await person.push('litmus/taken/one.yaml', BASE, 'Add one')
    await sync('taken')
    const { definition } = await server.api.workflow('taken', 'one')
    await person.remove('litmus/taken/one.yaml', 'Remove one')
    await sync('taken')
    await person.push('litmus/taken/team/other.yaml', `${BASE}# another\n`, 'Add another of that name')
    await sync('taken')
    const restore = server.api.post(`/projects/taken/deleted-workflows/${definition}/restore`)
    await expect(restore).rejects.toMatchObject({ code: 'api/name-taken' })
  })
})
