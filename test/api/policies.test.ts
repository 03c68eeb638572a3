import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Revision } from '../../src/contract/index.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const policy = (name: string, spec: string) =>
  `apiVersion: faultline.dev/v1\nkind: EventPolicy\nmetadata:\n  name: ${name}\nspec:\n  ${spec}\n`

it('a policy comes from git, is edited here and goes back; a bad one is told with its line and the others go on', async () => {
  const url = await connectProject(server, 'rules')
  const person = await cloneOf(server, url)
  const folder = 'litmus/rules'
  await person.push(`${folder}/releases.yaml`, policy('releases', 'workloads: {names: [cart]}'), 'Add a policy')
  await person.push(`${folder}/bad.yaml`, policy('bad', 'workloads: {}\n  when: {replicas: changd}'), 'Add a bad one')
  await person.push(`${folder}/chaos.yaml`, shopWorkflow('chaos'), 'Add a workflow')
  await settles(async () => (await server.api.workflows('rules')).items.map(({ name }) => name)).toEqual([
    'bad.yaml',
    'chaos'
  ])
  const [bad] = (await server.api.workflows('rules')).items
  expect(bad?.problems).toMatchObject([{ code: 'manifest/policy', line: 7 }])

  const { etag, kind } = await server.api.workflow('rules', 'releases')
  expect(kind).toBe('EventPolicy')
  const text = policy('releases', 'workloads: {names: ["cart*"]}')
  await server.api.saveWorkflow('rules', 'releases', { text, etag, message: 'All carts', wait: false })
  await inGit(server, 'rules', 'releases', text)
  expect(await (await cloneOf(server, url)).read(`${folder}/releases.yaml`)).toBe(text)
  const { items } = await server.api.get<{ items: Revision[] }>('/projects/rules/workflows/releases/revisions')
  expect(items.map(({ number, origin }) => [number, origin])).toEqual([
    [2, 'portal'],
    [1, 'git']
  ])
})

it('a policy is not run: whoever asks is told what it is', async () => {
  await server.api.post('/projects', { id: 'plain', name: 'Plain' })
  await server.api.createWorkflow('plain', policy('releases', 'workloads: {}'), 'Add it')
  await settles(async () => (await server.api.workflow('plain', 'releases')).definition).not.toBeNull()
  await expect(server.api.startRun('plain', 'releases')).rejects.toMatchObject({
    code: 'manifest/not-a-workflow',
    message: expect.stringContaining('releases is an EventPolicy: it starts workflows when something changes')
  })
  expect((await server.api.workflows('plain')).items).toEqual([])
})
