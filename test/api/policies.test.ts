import { afterAll, beforeAll, expect, it } from 'vitest'
import type {
  CreatedToken,
  Policy,
  Revision,
  SimulateBody,
  Simulation,
  WorkloadChange
} from '../../src/contract/index.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { faultline } from '../harness/command.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
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

const policies = async (project: string, query = '') =>
  server.api.get<{ items: Policy[]; next: string | null }>(`/projects/${project}/policies${query}`)

const simulate = (project: string, body: SimulateBody) =>
  server.api.post<Simulation>(`/projects/${project}/policies/simulate`, body)

const seen = (number: number, tag: string) => ({
  ...({ uid: 'cart', number, kind: 'Deployment', namespace: 'shop', name: 'cart', rollout: 'healthy' } as const),
  ...{ at: new Date().toISOString(), aspects: { image: { cart: `cart:${tag}` } } }
})

const cart = (tag: string) =>
  `kind: Deployment\nmetadata: {name: cart, namespace: shop}\nspec: {template: {spec: {containers: [{name: cart, image: "cart:${tag}"}]}}}\n`

it('lists policies with what they say and what they decided last, page by page', async () => {
  await server.api.post('/projects', { id: 'listed', name: 'Listed' })
  const agent = await PostedAgent.register(server, 'listed', 'place-listed')
  const text = policy(
    'releases',
    'workloads: {names: [cart]}\n  cooldown: 1h\n  run: [{workflow: gone, parameters: {v: "{{change.after}}"}}]'
  )
  await server.api.createWorkflow('listed', text, 'Add it')
  await server.api.createWorkflow(
    'listed',
    policy('scaling', 'workloads: {kinds: [StatefulSet]}\n  when: {replicas: changed}'),
    'Add it'
  )
  await settles(async () => (await policies('listed')).items.map(({ definition }) => definition !== null)).toEqual([
    true,
    true
  ])
  await agent.observe(seen(1, 'v1'), seen(2, 'v2'))
  await settles(async () => (await policies('listed')).items[0]?.lastDecision?.reason ?? null).toBe(
    'Project listed has no workflow gone.'
  )
  const first = await policies('listed', '?limit=1')
  expect(first.items).toMatchObject([
    {
      name: 'releases',
      kind: 'EventPolicy',
      rules: {
        selects: 'every workload named cart',
        when: 'image changes',
        pacing: ['waits 10 min for a healthy rollout, then starts nothing', 'at most once in 1 h for a workload'],
        runs: [{ workflow: 'gone', parameters: { v: '{{change.after}}' } }]
      },
      lastDecision: { outcome: 'not-triggered', workflow: 'gone' }
    }
  ])
  const rest = await policies('listed', `?limit=1&cursor=${first.next}`)
  expect([rest.items.map(({ name, lastDecision }) => [name, lastDecision]), rest.next]).toEqual([
    [['scaling', null]],
    null
  ])
})

it('simulates a change that was seen, and one that is pasted, and starts nothing', async () => {
  const { items } = await server.api.get<{ items: WorkloadChange[] }>('/projects/listed/changes')
  const stored = await simulate('listed', { change: items[0]?.id ?? '' })
  expect(stored.policies).toEqual([
    {
      ...{ name: 'releases', saved: true, heldBack: null, selected: { matched: true, reasons: [] } },
      matched: { matched: true, reasons: ['The image of deployment/cart changed from cart:v1 to cart:v2.'] },
      runs: [{ workflow: 'gone', parameters: { v: 'cart:v2' }, refused: 'Project listed has no workflow gone.' }]
    },
    {
      ...{ name: 'scaling', saved: true, heldBack: null, matched: null, runs: [] },
      selected: { matched: false, reasons: ['It is not for a Deployment.'] }
    }
  ])
  expect(stored.infrastructure).toBe('place-listed')
  const manifests = { before: cart('v1'), after: cart('v3') }
  const shut = policy('scaling', 'workloads: {}\n  windows: [{days: [], from: "10:00", to: "11:00"}]')
  const pasted = await simulate('listed', { manifests, policy: shut })
  expect(pasted.policies.map(({ name, saved, heldBack }) => [name, saved, heldBack])).toEqual([
    ['scaling', false, 'It is outside the windows of the policy.'],
    ['releases', true, null]
  ])
  const aspects = {
    workload: { kind: 'StatefulSet', namespace: 'shop', name: 'db' },
    before: {},
    after: { replicas: { replicas: '3' } }
  }
  expect((await simulate('listed', { aspects })).policies[0]).toMatchObject({
    name: 'scaling',
    matched: { matched: true, reasons: ['The number of replicas of statefulset/db was added (3).'] }
  })
  expect((await server.api.get<{ items: WorkloadChange[] }>('/projects/listed/changes')).items).toHaveLength(
    items.length
  )
})

it('the command asks the same', async () => {
  const { secret } = await server.api.post<CreatedToken>('/tokens', { name: 'policies', scopes: ['read'] })
  const env = { FAULTLINE_SERVER_URL: server.url.href, FAULTLINE_TOKEN: secret }
  const { items } = await server.api.get<{ items: WorkloadChange[] }>('/projects/listed/changes')
  const asked = await faultline(['policy', 'simulate', '-p', 'listed', '--stored', items[0]?.id ?? ''], env).ended
  expect(asked.stdout).toContain('releases: matches, starts nothing\n')
  expect(asked.stdout).toContain('  not gone: Project listed has no workflow gone.\n')
  expect(asked.code).toBe(0)
})

it('questions that are none are refused: nothing to look at, too much, what others have seen', async () => {
  await expect(simulate('listed', {})).rejects.toMatchObject({ code: 'api/which-change' })
  await expect(simulate('plain', { change: 'no-such-change' })).rejects.toMatchObject({
    code: 'trigger/unknown-change'
  })
  const { items } = await server.api.get<{ items: WorkloadChange[] }>('/projects/listed/changes')
  await expect(simulate('plain', { change: items[0]?.id ?? '' })).rejects.toMatchObject({
    code: 'trigger/unknown-change'
  })
  const large = { before: cart('v1'), after: 'a'.repeat(300_000) }
  await expect(simulate('listed', { manifests: large })).rejects.toThrow(/answered 400/)
  await expect(simulate('listed', { manifests: { before: cart('v1'), after: 'kind: [' } })).rejects.toMatchObject({
    code: 'trigger/pasted-change'
  })
  const endless = `workloads: {}\n  when: {path: {key: "${'[@,@][]|'.repeat(30)}@", to: x}}`
  const manifests = { before: cart('v1'), after: cart('v2') }
  const refused = await simulate('listed', { manifests, policy: policy('endless', endless) })
  expect(refused.problems[0]).toMatchObject({ code: 'manifest/expression', line: 7 })
  const bad = await simulate('listed', { manifests, policy: policy('bad', 'workloads: {}\n  debonce: 1m') })
  expect([bad.problems[0]?.line, bad.policies.some(({ name }) => name === 'bad')]).toEqual([7, false])
})
