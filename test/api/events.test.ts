import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WatchedWorkload, WorkloadChange } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { type Observation, observedState } from '../../src/domain/index.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer
let agent: PostedAgent

beforeAll(async () => {
  server = await startTestServer()
  for (const id of ['shop', 'other']) await server.api.post('/projects', { id, name: id })
  agent = await PostedAgent.register(server, 'shop', 'laptop')
  await server.api.createWorkflow('shop', shopWorkflow('chaos'), 'Add it')
  await until('the workflow', 10, async () => (await server.api.workflow('shop', 'chaos')).definition !== null)
})
afterAll(() => server.close())

const OPTED_IN = { 'litmuschaos.io/gitops': 'true', 'litmuschaos.io/workflow': 'chaos' }

interface Seen extends Partial<Observation> {
  annotations?: Record<string, string>
}

function seenAs(name: string, number: number, { annotations = {}, ...change }: Seen = {}): Observation {
  const aspects = { image: { web: `shop/${name}:v${number}` }, annotations }
  const plain = { kind: 'Deployment', namespace: 'shop', rollout: 'healthy' } as const
  return { ...plain, uid: name, name, number, aspects, at: new Date().toISOString(), ...change }
}

const changes = async (query: string) =>
  (await server.api.get<{ items: WorkloadChange[] }>(`/projects/shop/changes?${query}`)).items.map(({ name }) => name)

it('changes are found by what was decided and by their workload', async () => {
  await agent.observe(
    seenAs('cart', 1, { annotations: OPTED_IN }),
    seenAs('cart', 2, { annotations: OPTED_IN }),
    seenAs('reviews', 1),
    seenAs('reviews', 2),
    seenAs('catalog', 1),
    seenAs('catalog', 2, { rollout: 'progressing' })
  )
  await settles(async () => (await changes('')).length).toBe(3)
  await settles(async () => await changes('outcome=triggered')).toEqual(['cart'])
  await settles(async () => await changes('outcome=not-triggered')).toEqual(['reviews'])
  await settles(async () => await changes('outcome=waiting')).toEqual(['catalog'])
  expect(await changes('q=view')).toEqual(['reviews'])
  expect(await changes('q=view&outcome=triggered')).toEqual([])
  await expect(changes('outcome=perhaps')).rejects.toThrow(/answered 400/)
})

it('workloads tell whether they have opted in, and what came of their last change', async () => {
  await settles(async () => (await workloads('')).items[0]?.lastRun ?? null).not.toBeNull()
  const { items } = await workloads('')
  expect(items.map(({ name, asked, changedAt }) => [name, asked, changedAt !== null])).toEqual([
    ['cart', ['chaos'], true],
    ['catalog', null, true],
    ['reviews', null, true]
  ])
  expect(items.map(({ lastRun }) => lastRun !== null)).toEqual([true, false, false])
  const other = await server.api.get<{ items: unknown[] }>('/projects/other/workloads')
  expect(other.items).toEqual([])
})

it('a workload that was made anew stands there once, and pages follow each other', async () => {
  await agent.observe(seenAs('cart', 1, { uid: 'made-anew' }))
  await settles(async () => (await workloads('')).items.map(({ uid }) => uid)).toEqual([
    'made-anew',
    'catalog',
    'reviews'
  ])
  const first = await workloads('limit=2')
  const rest = await workloads(`limit=2&cursor=${first.next}`)
  expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual(['cart', 'catalog', 'reviews'])
  expect(rest.next).toBeNull()
  await expect(workloads('cursor=bm9uc2Vuc2U')).rejects.toThrow(/answered 400/)
})

function workloads(query: string) {
  return server.api.get<{ items: WatchedWorkload[]; next: string | null }>(`/projects/shop/workloads?${query}`)
}

it('an agent is told what the server has of its own workloads, the last of each, page by page', async () => {
  const other = await PostedAgent.register(server, 'other', 'elsewhere')
  expect(await other.known()).toEqual({ items: [], next: null, paths: [] })
  const observed = seenAs('db', 7)
  await other.observe(observed, seenAs('api', 1), seenAs('api', 2))
  const first = await other.known('limit=1')
  expect(first.items).toMatchObject([{ uid: 'api', number: 2 }])
  const fingerprint = createHash('sha256').update(observedState(observed)).digest('hex')
  expect(await other.known(`limit=1&cursor=${first.next}`)).toMatchObject({
    items: [{ uid: 'db', number: 7, fingerprint }],
    next: null
  })
  await expect(other.known('cursor=none')).rejects.toThrow(/400.*bad-cursor/)
})
