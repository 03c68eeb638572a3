import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CreatedToken, Infrastructure, Run, RunRequest, RunSummary } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer
const ids: Record<string, string> = {}

const text = (name: string) => `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: ${name}}
spec:
  entrypoint: wait
  arguments:
    parameters: [{name: release, value: v1}]
  templates:
    - {name: wait, suspend: {duration: 5s}}
`

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  for (const name of ['laptop', 'spare']) {
    await server.api.post(`/projects/shop/infrastructures`, { name, kind: 'local' })
  }
  for (const name of ['one', 'two']) {
    await server.api.createWorkflow('shop', text(name), 'Add it')
    await until('the workflow', 10, async () => (await server.api.workflow('shop', name)).definition !== null)
  }
  const { items } = await server.api.get<{ items: Infrastructure[] }>('/projects/shop/infrastructures')
  for (const { name, id } of items) ids[name] = id
})
afterAll(() => server.close())

async function started(body: object, by: (path: string, body: object) => Promise<RunRequest>): Promise<string> {
  const asked = await by('/projects/shop/runs', body)
  await settles(async () => (await server.api.runRequest('shop', asked.id)).run).not.toBeNull()
  return (await server.api.runRequest('shop', asked.id)).run ?? ''
}

const byPerson = (path: string, body: object) => server.api.post<RunRequest>(path, body)

async function listed(query: string): Promise<string[]> {
  const { items } = await server.api.get<{ items: RunSummary[] }>(`/projects/shop/runs?${query}`)
  return items.map(({ id }) => id)
}

it('a run says who or what caused it, and is found by that', async () => {
  const { secret } = await server.api.post<CreatedToken>('/tokens', { name: 'nightly pipeline', scopes: ['run'] })
  const byToken = async (path: string, body: object) => {
    const answer = await fetch(new URL(`/api/v1${path}`, server.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body)
    })
    return (await answer.json()) as RunRequest
  }
  const person = await started({ workflow: 'one', infrastructure: 'laptop' }, byPerson)
  const pipeline = await started({ workflow: 'one', infrastructure: 'laptop' }, byToken)
  expect((await server.api.run('shop', person)).cause).toEqual({ kind: 'manual', user: 'admin' })
  expect((await server.api.run('shop', pipeline)).cause).toEqual({
    kind: 'api',
    user: 'admin',
    token: 'nightly pipeline'
  })
  expect(await listed('cause=manual')).toEqual([person])
  expect(await listed('cause=api')).toEqual([pipeline])
})

it('a run keeps the parameters that it was started with, so that it can be repeated', async () => {
  const wish = { workflow: 'two', infrastructure: 'spare', parameters: { release: 'v2' } }
  const first: Run = await server.api.run('shop', await started(wish, byPerson))
  expect(first.parameters).toEqual({ release: 'v2' })
  const again = { workflow: first.workflow, parameters: first.parameters, infrastructure: first.infrastructure.id }
  const second = await server.api.run('shop', await started(again, byPerson))
  expect(second).toMatchObject({ parameters: { release: 'v2' }, infrastructure: { name: 'spare' } })
})

it('the list is narrowed down by workflow, infrastructure, phase, verdict and time', async () => {
  const all = await listed('')
  expect(all).toHaveLength(4)
  expect(await listed('workflow=two')).toHaveLength(2)
  expect(await listed(`infrastructure=${ids.spare}`)).toEqual(await listed('workflow=two'))
  await server.api.post(`/projects/shop/runs/${all[0]}/stop`)
  expect(await listed('phase=stopped')).toEqual([all[0]])
  expect(await listed('phase=queued&verdict=awaited')).toEqual(all.slice(1))
  const { createdAt } = await server.api.run('shop', all[1] ?? '')
  expect(await listed(`from=${createdAt}`)).toEqual(all.slice(0, 2))
  expect(await listed(`to=${createdAt}`)).toEqual(all.slice(2))
  expect(await listed('from=2030-01-01T00:00:00Z')).toEqual([])
})

it.each(['phase=splendid', 'verdict=maybe', 'cause=weather', 'from=yesterday', 'to=2026-13-40T00:00:00Z'])(
  'a filter that means nothing is refused: %s',
  (query) => expect(listed(query)).rejects.toThrow(/answered 400/)
)

it('no filter reaches into another project', async () => {
  await server.api.post('/projects', { id: 'other', name: 'Other' })
  const { items } = await server.api.get<{ items: RunSummary[] }>(`/projects/other/runs?workflow=one`)
  expect(items).toEqual([])
})
