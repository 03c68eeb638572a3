import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EditRequest, Run } from '../../src/contract/index.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { newPerson } from '../harness/people.ts'
import { cloneOf, connectProject, passItems, settles, startTestServer, type TestServer } from '../harness/server.ts'

/** A workflow is renamed in the portal: text and file at once, and what it was stays with it. */

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const sync = (project: string) => server.api.post(`/projects/${project}/gitops/sync`)

async function rename(project: string, name: string, to: string, api = server.api): Promise<EditRequest> {
  const { etag } = await api.workflow(project, name)
  return api.post(`/projects/${project}/workflows/${name}/rename`, { name: to }, { 'if-match': etag, prefer: 'wait' })
}

async function connected(project: string, ...names: string[]) {
  const person = await cloneOf(server, await connectProject(server, project, { pollSeconds: 3600 }))
  for (const name of names) await person.push(`litmus/${project}/${name}.yaml`, shopWorkflow(name), `Add ${name}`)
  await sync(project)
  return person
}

describe('with GitOps on', () => {
  it('is one commit that moves the file; history, runs and the old name stay with the workflow', async () => {
    const person = await connected('moved', 'cart')
    const before = await server.api.workflow('moved', 'cart')
    await server.api.post('/projects/moved/infrastructures', { name: 'moved', kind: 'local' })
    const { id } = await server.api.startRun('moved', 'cart')
    const request = () => server.api.runRequest('moved', id)
    await settles(() => request().then(({ state }) => state)).toBe('admitted')
    const edit = await rename('moved', 'cart', 'basket')
    expect(edit).toMatchObject({ action: 'rename', state: 'merged', newPath: 'litmus/moved/basket.yaml' })
    const after = await server.api.workflow('moved', 'basket')
    const text = before.text.replace('name: cart', 'name: basket')
    expect(after).toMatchObject({
      definition: before.definition,
      path: 'litmus/moved/basket.yaml',
      text,
      sync: 'in-git'
    })
    await person.git('pull', '--quiet', '--rebase')
    expect(await person.git('show', '--name-status', '--no-renames', '--format=%an|%s', 'HEAD')).toBe(
      'Admin|Rename cart to basket\n\nA\tlitmus/moved/basket.yaml\nD\tlitmus/moved/cart.yaml\n'
    )
    expect(await server.api.workflow('moved', 'cart')).toMatchObject({ name: 'basket', definition: before.definition })
    const revisions = await server.api.get<{ items: unknown[] }>('/projects/moved/workflows/basket/revisions')
    expect(revisions.items).toHaveLength(2)
    const runs = await server.api.get<{ items: Run[] }>('/projects/moved/runs?workflow=basket')
    expect(runs.items.map((run) => run.id)).toEqual([(await request()).run])
    expect((await passItems(server, 'moved')).slice(0, 2)).toMatchObject([
      { path: 'litmus/moved/basket.yaml', action: 'commit', hasTexts: true },
      { action: 'move', note: 'It was at litmus/moved/cart.yaml before.' }
    ])
  })

  it('a file that git changes while the rename waits is a conflict; each way out keeps both texts', async () => {
    for (const [project, keep, name] of [
      ['keeps-git', 'git', 'cart'],
      ['keeps-portal', 'portal', 'basket']
    ] as const) {
      const person = await connected(project, 'cart')
      await server.api.post(`/projects/${project}/gitops/pause`)
      expect(await rename(project, 'cart', 'basket')).toMatchObject({ state: 'open' })
      const theirs = `${shopWorkflow('cart')}# theirs\n`
      await person.push(`litmus/${project}/cart.yaml`, theirs, 'Change it')
      await server.api.post(`/projects/${project}/gitops/resume`)
      await settles(() => server.api.workflow(project, 'cart').then((one) => one.sync)).toBe('conflict')
      const stuck = await server.api.workflow(project, 'cart')
      expect(stuck).toMatchObject({ sync: 'conflict', text: theirs, conflict: { gitText: theirs } })
      const word = await server.api.post<EditRequest>(
        `/projects/${project}/workflows/cart/resolve`,
        { keep },
        { prefer: 'wait' }
      )
      expect(word.state).toBe('merged')
      const after = await server.api.workflow(project, name)
      expect(after).toMatchObject({ name, definition: stuck.definition, path: `litmus/${project}/${name}.yaml` })
      const { items } = await server.api.get<{ items: { number: number }[] }>(
        `/projects/${project}/workflows/${name}/revisions`
      )
      const texts = await Promise.all(
        items.map(({ number }) =>
          server.api.text(`/projects/${project}/workflows/${name}/revisions/${number}/manifest`)
        )
      )
      const renamed = shopWorkflow('cart').replace('name: cart', 'name: basket')
      expect(texts).toEqual(expect.arrayContaining([theirs, renamed]))
      await person.git('pull', '--quiet', '--rebase')
      expect((await person.git('ls-files', `litmus/${project}/*.yaml`)).trim()).toBe(`litmus/${project}/${name}.yaml`)
    }
  })

  it('a file that git puts at the new path meanwhile is never overwritten', async () => {
    const person = await connected('occupied', 'cart')
    await server.api.post('/projects/occupied/gitops/pause')
    const { id } = await rename('occupied', 'cart', 'basket')
    await person.push('litmus/occupied/basket.yaml', shopWorkflow('another'), 'Add another')
    await server.api.post('/projects/occupied/gitops/resume')
    const edit = () => server.api.get<EditRequest>(`/projects/occupied/edits/${id}`)
    await settles(() => edit().then(({ state }) => state)).toBe('conflict')
    expect((await edit()).reason).toContain('litmus/occupied/basket.yaml')
    await server.api.post(`/projects/occupied/edits/${id}/discard`)
    await sync('occupied')
    expect(await server.api.workflow('occupied', 'cart')).toMatchObject({ sync: 'in-git', edits: [] })
    await person.git('pull', '--quiet', '--rebase')
    expect(await person.read('litmus/occupied/basket.yaml')).toBe(shopWorkflow('another'))
  })

  it('edits behind a rename that waits go to the new file, and a trailer may ask by the old name', async () => {
    const person = await connected('behind', 'cart')
    await server.api.put('/projects/behind/gitops', {
      url: server.git.url('behind'),
      branch: 'main',
      runOnPush: 'trailer'
    })
    await server.api.post('/projects/behind/gitops/pause')
    await rename('behind', 'cart', 'basket')
    const { head, etag } = await server.api.workflow('behind', 'cart')
    const text = `${head}# more\n`
    await server.api.saveWorkflow('behind', 'cart', { text, etag, message: 'Say more', wait: false })
    await server.api.post('/projects/behind/gitops/resume')
    await settles(() => server.api.workflow('behind', 'basket').then((one) => one.text)).toBe(text)
    await person.git('pull', '--quiet', '--rebase')
    expect(await person.read('litmus/behind/basket.yaml')).toBe(text)
    expect((await person.log('%s')).split('\n').slice(0, 2)).toEqual(['Say more', 'Rename cart to basket'])
    await person.push('notes.md', 'x', 'Release\n\nChaos-Run: cart')
    await sync('behind')
    expect((await passItems(server, 'behind'))[0]).toMatchObject({ path: 'litmus/behind/basket.yaml', action: 'run' })
  })
})

it('is refused for names that are taken, unsuitable or differ by case, for a stale text, and for viewers', async () => {
  const person = await connected('refused', 'cart', 'pay')
  await person.push('litmus/refused/Basket.yaml', shopWorkflow('other'), 'Add other')
  await sync('refused')
  const viewer = await newPerson(server, 'viewer', { project: 'refused', role: 'viewer' })
  for (const [to, code] of [
    ['pay', 'api/name-taken'],
    ['basket', 'api/path-taken'],
    ['Cart', 'api/bad-name'],
    ['-cart', 'api/bad-name'],
    ['../cart', 'api/bad-name'],
    ['cart', 'api/bad-name']
  ] as const)
    await expect(rename('refused', 'cart', to), to).rejects.toMatchObject({ code })
  await expect(rename('refused', 'cart', 'free', viewer)).rejects.toMatchObject({ code: 'api/denied' })
  const post = (headers: Record<string, string>) =>
    server.api.post('/projects/refused/workflows/cart/rename', { name: 'free' }, headers)
  await expect(post({})).rejects.toMatchObject({ code: 'api/precondition-required' })
  await expect(post({ 'if-match': '"old"' })).rejects.toMatchObject({ code: 'api/stale' })
  expect(await server.api.workflow('refused', 'cart')).toMatchObject({ name: 'cart', edits: [] })
})

it('works without git too: name, path, history and the audit log', async () => {
  await server.api.post('/projects', { id: 'here', name: 'Here' })
  await server.api.createWorkflow('here', shopWorkflow('cart'), 'Add cart')
  await settles(() => server.api.workflow('here', 'cart').then(({ definition }) => definition !== null)).toBe(true)
  const before = await server.api.workflow('here', 'cart')
  await rename('here', 'cart', 'basket')
  await settles(() => server.api.workflow('here', 'basket').then(({ name }) => name)).toBe('basket')
  const after = await server.api.workflow('here', 'basket')
  expect(after).toMatchObject({ definition: before.definition, path: 'litmus/here/basket.yaml', edits: [] })
  expect(after.text).toContain('name: basket')
  await rename('here', 'basket', 'cart')
  await settles(() => server.api.workflow('here', 'cart').then(({ name }) => name)).toBe('cart')
  const { items } = await server.api.get<{ items: { action: string; before: unknown; after: unknown }[] }>(
    '/projects/here/audit'
  )
  expect(items.find(({ action }) => action === 'workflow.rename')).toMatchObject({
    before: { name: 'basket', path: 'litmus/here/basket.yaml' },
    after: { name: 'cart', path: 'litmus/here/cart.yaml' }
  })
})
