import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PushAnswer } from '../../src/contract/index.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

it('why a push did nothing is answered of its commit and of its file', async () => {
  const person = await cloneOf(server, await connectProject(server, 'why', { pollSeconds: 3600 }))
  const explain = (query: string) => server.api.get<PushAnswer>(`/projects/why/gitops/explain?${query}`)
  const sync = () => server.api.post('/projects/why/gitops/sync')
  const good = await person.push('litmus/why/one.yaml', shopWorkflow('one'), 'Add one')
  expect(await explain(`commit=${good}`)).toMatchObject({ code: 'not-seen' })
  await sync()
  expect(await explain(`commit=${good}`)).toMatchObject({
    code: 'taken',
    sentence: 'litmus/why/one.yaml is here as one, by this commit. It starts no run: in this project a push never does.'
  })
  const outside = await person.push('docs/notes.md', 'Notes\n', 'Note')
  const bad = await person.push('litmus/why/bad.yaml', 'kind: [\n', 'Break it')
  await sync()
  expect(await explain(`commit=${outside.slice(0, 8)}`)).toMatchObject({ code: 'outside' })
  expect(await explain(`commit=${bad}`)).toMatchObject({ code: 'invalid', path: 'litmus/why/bad.yaml' })
  expect(await explain('path=/litmus/why/bad.yaml')).toMatchObject({ code: 'invalid', line: expect.any(Number) })
  const later = await person.push('litmus/why/one.yaml', `${shopWorkflow('one')}# more\n`, 'Change one')
  await sync()
  expect(await explain(`commit=${good}`)).toMatchObject({ code: 'overtaken' })
  expect(await explain('path=litmus/why/one.yaml')).toMatchObject({
    code: 'taken',
    sentence: `litmus/why/one.yaml is here as one, by commit ${later.slice(0, 7)}.`
  })
  await server.api.post('/projects/why/gitops/pause')
  const unseen = await person.push('litmus/why/two.yaml', shopWorkflow('two'), 'Add two')
  expect(await explain(`commit=${unseen}`)).toMatchObject({ code: 'paused' })
  await expect(explain('')).rejects.toMatchObject({ code: 'sync/bad-question' })
})

it('it is answered of a merge, of what a merge left out, and of runs that a push asked for', async () => {
  const person = await cloneOf(server, await connectProject(server, 'runs', { pollSeconds: 3600 }))
  const explain = async (commit: string) => {
    await server.api.post('/projects/runs/gitops/sync')
    return (await server.api.get<PushAnswer>(`/projects/runs/gitops/explain?commit=${commit}`)).sentence
  }
  await person.push('litmus/runs/one.yaml', shopWorkflow('one'), 'Add one')
  await server.api.post('/projects/runs/gitops/sync')
  const settings = { url: server.git.url('runs'), branch: 'main', username: 'test', token: server.gitToken }
  await server.api.put('/projects/runs/gitops', { ...settings, runOnPush: 'added' })

  await person.git('checkout', '--quiet', '-b', 'side')
  await person.write('litmus/runs/two.yaml', shopWorkflow('two'))
  await person.git('add', '.')
  await person.git('commit', '--quiet', '-m', 'Add two')
  const two = await person.head()
  await person.write('litmus/runs/one.yaml', `${shopWorkflow('one')}# dropped\n`)
  await person.git('commit', '--quiet', '-am', 'Change one')
  const dropped = await person.head()
  await person.git('checkout', '--quiet', 'main')
  await person.git('merge', '--quiet', '--no-ff', '-m', 'Merge two', two)
  await person.git('merge', '--quiet', '-s', 'ours', '-m', 'Leave one as it is', 'side')
  await person.git('push', '--quiet', 'origin', 'main')
  const merge = (await person.git('rev-parse', 'HEAD^')).trim()

  expect(await explain(merge.slice(0, 9))).toBe(
    `litmus/runs/two.yaml is here as two, by ${two.slice(0, 7)}, which it merged. It asked for a run of two.`
  )
  expect(await explain(two)).toBe('litmus/runs/two.yaml is here as two, by this commit. It asked for a run of two.')
  expect(await explain(dropped)).toMatch(/^litmus\/runs\/one\.yaml was changed again/)
  const changed = await person.push('litmus/runs/one.yaml', `${shopWorkflow('one')}# more\n`, 'Change one')
  expect(await explain(changed)).toMatch(/It starts no run: in this project only a file that is added does/)
})
