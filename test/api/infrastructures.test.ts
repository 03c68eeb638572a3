import { afterAll, beforeAll, expect, it } from 'vitest'
import type {
  AuditItem,
  CreatedInfrastructure,
  Infrastructure,
  RunRequest,
  ServerInfrastructure
} from '../../src/contract/index.ts'
import { newPerson } from '../harness/people.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer
let serial = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const workflow = (place: string) => `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: pause, labels: {infra_id: ${place}}}
spec:
  entrypoint: wait
  templates:
    - {name: wait, suspend: {duration: 600s}}
`

interface Scene {
  id: string
  path: string
  places(): Promise<Infrastructure[]>
  place(name: string): Promise<Infrastructure>
  add(name: string, kind?: string): Promise<CreatedInfrastructure>
  change(name: string, body: object): Promise<Infrastructure>
  remove(name: string): Promise<unknown>
  audit(): Promise<[string, string, unknown, unknown][]>
  /** a run that lasts; answers its id */
  run(): Promise<string>
}

/** A project of the admin's. */
async function project(): Promise<Scene> {
  const id = `p${++serial}`
  const path = `/projects/${id}`
  await server.api.post('/projects', { id, name: id })
  const places = async () => (await server.api.get<{ items: Infrastructure[] }>(`${path}/infrastructures`)).items
  return {
    id,
    path,
    places,
    place: async (name) => {
      const found = (await places()).find((place) => place.name === name)
      if (found === undefined) throw new Error(`there is no ${name}`)
      return found
    },
    add: (name, kind = 'local') => server.api.post(`${path}/infrastructures`, { name, kind }),
    change: (name, body) => server.api.put(`${path}/infrastructures/${name}`, body),
    remove: (name) => server.api.delete(`${path}/infrastructures/${name}`),
    audit: async () => {
      const { items } = await server.api.get<{ items: AuditItem[] }>(`${path}/audit`)
      return items
        .filter(({ action }) => action.startsWith('infrastructure.'))
        .map(({ action, target, before, after }) => [action, target, before, after])
    },
    run: async () => {
      const asked = await server.api.post<RunRequest>(`${path}/runs`, { workflow: 'pause' })
      const request = () => server.api.runRequest(id, asked.id)
      await settles(async () => (await request()).run).not.toBeNull()
      return (await request()).run ?? ''
    }
  }
}

async function addWorkflow({ id }: Scene, place: string): Promise<void> {
  await server.api.createWorkflow(id, workflow(place), 'Add it')
  await settles(async () => (await server.api.workflow(id, 'pause')).definition).not.toBeNull()
}

it('renamed, it is still found by a file that says the old name, and by nobody else', async () => {
  const shop = await project()
  const { infrastructure } = await shop.add('rack-1')
  await addWorkflow(shop, 'rack-1')
  const renamed = await shop.change('rack-1', { name: 'rack-2', environment: 'prod' })
  expect(renamed).toMatchObject({ id: infrastructure.id, name: 'rack-2', aliases: ['rack-1'], environment: 'prod' })
  expect((await server.api.run(shop.id, await shop.run())).infrastructure).toMatchObject({ name: 'rack-2' })
  const old = { code: 'accounts/infrastructure-exists', message: expect.stringContaining('old name') }
  await expect(shop.add('rack-1')).rejects.toMatchObject(old)
  await shop.add('other')
  await expect(shop.change('other', { name: 'rack-1' })).rejects.toMatchObject(old)
  await expect(shop.change('other', { name: 'rack-2' })).rejects.toMatchObject({
    code: 'accounts/infrastructure-exists'
  })
  await expect(shop.change('other', { name: 'Not a label' })).rejects.toMatchObject({ code: 'api/invalid' })
  expect(await shop.change('rack-1', { name: 'rack-1' })).toMatchObject({ name: 'rack-1', aliases: ['rack-2'] })
  expect((await shop.audit())[2]).toEqual([
    'infrastructure.change',
    'rack-1',
    { name: 'rack-1', environment: 'non-prod' },
    { name: 'rack-2', environment: 'prod' }
  ])
})

it('it is not removed while a run there has not ended; removed, its runs stay, its name is free, its agent is told', async () => {
  const shop = await project()
  const agent = await PostedAgent.register(server, shop.id, 'bench')
  await addWorkflow(shop, 'bench')
  const run = await shop.run()
  const task = await agent.run()
  expect(await shop.place('bench')).toMatchObject({ liveRuns: 1, connected: true })
  await expect(shop.remove('bench')).rejects.toMatchObject({
    code: 'accounts/infrastructure-busy',
    message: expect.stringContaining(`pause (${run})`)
  })
  await agent.completes(task)
  await settles(async () => (await server.api.run(shop.id, run)).phase).toBe('completed')
  await shop.remove('bench')
  expect(await shop.places()).toEqual([])
  expect(await server.api.run(shop.id, run)).toMatchObject({ infrastructure: { name: 'bench' } })
  await expect(agent.beat()).rejects.toThrow(/401.*infrastructure-removed.*bench was removed/)
  await expect(shop.remove('bench')).rejects.toMatchObject({ code: 'api/unknown-infrastructure' })
  const refused = await server.api.post<RunRequest>(`${shop.path}/runs`, { workflow: 'pause' }).catch((e) => e)
  expect(refused).toMatchObject({ message: expect.stringContaining("bench is not one of the project's") })
  await shop.add('bench')
  expect((await shop.audit()).map(([action]) => action)).toEqual([
    'infrastructure.create',
    'infrastructure.remove',
    'infrastructure.create'
  ])
})

it('a run that is admitted while it is being removed is never left behind', async () => {
  const shop = await project()
  await shop.add('racy')
  await addWorkflow(shop, 'racy')
  const ask = () => server.api.post<RunRequest>(`${shop.path}/runs`, { workflow: 'pause' })
  const asked = await Promise.allSettled([ask(), shop.remove('racy'), ask(), ask()])
  for (const one of asked) {
    const id = one.status === 'fulfilled' ? (one.value as RunRequest | undefined)?.id : undefined
    if (id !== undefined) await settles(async () => (await server.api.runRequest(shop.id, id)).state).not.toBe('queued')
  }
  const live = await server.store.db
    .selectFrom('runs')
    .innerJoin('infrastructures', 'infrastructures.id', 'runs.infrastructureId')
    .select('runs.id')
    .where('removedAt', 'is not', null)
    .where('endedAt', 'is', null)
    .execute()
  expect(live).toEqual([])
})

it('a new token is for a lost key: the old key works until it is used, and then no more', async () => {
  const shop = await project()
  const agent = await PostedAgent.register(server, shop.id, 'lost')
  expect(await shop.place('lost')).toMatchObject({ awaited: false })
  const renew = () => server.api.post<CreatedInfrastructure>(`${shop.path}/infrastructures/lost/registration-token`)
  const [first, second] = [await renew(), await renew()]
  expect(second.infrastructure).toMatchObject({ name: 'lost', awaited: true })
  await agent.beat()
  await expect(PostedAgent.redeem(server, first.registrationToken)).rejects.toMatchObject({
    code: 'accounts/registration-refused'
  })
  const next = await PostedAgent.redeem(server, second.registrationToken)
  await next.beat()
  await expect(agent.beat()).rejects.toThrow(/401.*agent-key-replaced/)
  expect(await shop.place('lost')).toMatchObject({ awaited: false })
  const text = JSON.stringify(await server.store.db.selectFrom('audit').selectAll().execute())
  for (const { registrationToken } of [first, second]) expect(text).not.toContain(registrationToken)
})

it('an agent gets a next key with the one that it has; the audit says so, and has neither', async () => {
  const shop = await project()
  const agent = await PostedAgent.register(server, shop.id, 'renewed')
  const next = await agent.withNextKey()
  await agent.beat()
  await next.beat()
  await next.withNextKey()
  const lines = await server.store.db.selectFrom('audit').selectAll().where('target', '=', 'renewed').execute()
  expect(lines.map(({ actor, action }) => [actor, action]).slice(-2)).toEqual([
    ['system', 'agent.key'],
    ['system', 'agent.key']
  ])
})

it('the default is chosen, and a removed one is none any more', async () => {
  const shop = await project()
  await shop.add('first')
  await shop.add('second')
  const defaults = async () => (await shop.places()).filter(({ isDefault }) => isDefault).map(({ name }) => name)
  expect(await defaults()).toEqual(['first'])
  expect(await server.api.put(`${shop.path}/infrastructures/second/default`)).toMatchObject({ isDefault: true })
  expect(await defaults()).toEqual(['second'])
  expect((await shop.audit())[0]).toEqual([
    'infrastructure.choose-default',
    'second',
    { default: 'first' },
    { default: 'second' }
  ])
  await shop.remove('second')
  expect(await defaults()).toEqual([])
})

it('an admin grants a cluster to projects, whose runs go there; its owners alone manage it', async () => {
  const [platform, shop] = [await project(), await project()]
  const { infrastructure: cluster, registrationToken } = await platform.add('cluster', 'kubernetes')
  const agent = await PostedAgent.redeem(server, registrationToken, 'kubernetes')
  const grants = `/infrastructures/${cluster.id}/grants`
  await expect(server.api.put(`${grants}/nowhere`)).rejects.toMatchObject({ code: 'accounts/unknown-project' })
  expect(await server.api.put<ServerInfrastructure>(`${grants}/${shop.id}`)).toMatchObject({
    grants: [
      { project: platform.id, manages: true },
      { project: shop.id, manages: false }
    ]
  })
  await server.api.put(`${grants}/${shop.id}`)
  expect(await shop.place('cluster')).toMatchObject({ manages: false, isDefault: true, kind: 'kubernetes' })
  for (const act of [() => shop.remove('cluster'), () => shop.change('cluster', { name: 'mine' })])
    await expect(act()).rejects.toMatchObject({ code: 'accounts/managed-elsewhere' })
  await addWorkflow(shop, 'cluster')
  const run = await shop.run()
  const task = await agent.run()
  await expect(platform.remove('cluster')).rejects.toMatchObject({
    code: 'accounts/infrastructure-busy',
    message: expect.stringMatching(/1 of other projects/)
  })
  await expect(server.api.delete(`${grants}/${shop.id}`)).rejects.toMatchObject({
    code: 'accounts/infrastructure-busy'
  })
  await expect(server.api.delete(`${grants}/${platform.id}`)).rejects.toMatchObject({
    code: 'accounts/manages-infrastructure'
  })
  await agent.completes(task)
  await settles(async () => (await server.api.run(shop.id, run)).phase).toBe('completed')
  await server.api.delete(`${grants}/${shop.id}`)
  expect(await shop.places()).toEqual([])
  expect(await server.api.run(shop.id, run)).toMatchObject({ phase: 'completed' })
  expect((await shop.audit()).map(([action, target]) => [action, target])).toEqual([
    ['infrastructure.withdraw', 'cluster'],
    ['infrastructure.grant', 'cluster']
  ])
})

it('a local infrastructure serves one project', async () => {
  const [mine, yours] = [await project(), await project()]
  const { infrastructure } = await mine.add('desk')
  await expect(server.api.put(`/infrastructures/${infrastructure.id}/grants/${yours.id}`)).rejects.toMatchObject({
    code: 'accounts/local-serves-one',
    message: expect.stringContaining('a local infrastructure serves one project')
  })
})

it('the whole server’s are listed for admins alone, in pages', async () => {
  const shop = await project()
  for (const name of ['aaa-1', 'aaa-2', 'aaa-3']) await shop.add(name)
  type Listed = { items: ServerInfrastructure[]; next: string | null }
  const first = await server.api.get<Listed>('/infrastructures?limit=2')
  expect(first.items.map(({ name }) => name)).toEqual(['aaa-1', 'aaa-2'])
  const second = await server.api.get<Listed>(`/infrastructures?limit=2&cursor=${first.next}`)
  expect(second.items[0]?.name).toBe('aaa-3')
  const ann = await newPerson(server, 'ann', { project: shop.id, role: 'owner' })
  await expect(ann.get('/infrastructures')).rejects.toMatchObject({ code: 'api/denied' })
  await ann.put(`${shop.path}/infrastructures/aaa-1`, { environment: 'prod' })
})

it('whole nodes are harmed only where an owner of the managing project allows it, and for its runs alone', async () => {
  const [platform, shop] = [await project(), await project()]
  const made = await server.api.post<CreatedInfrastructure>(`${platform.path}/infrastructures`, {
    name: 'wide-1',
    kind: 'kubernetes'
  })
  expect(made.infrastructure.nodeFaults).toBe(false)
  expect(made.manifest).not.toContain('- nodes')
  await server.api.put(`/infrastructures/${made.infrastructure.id}/grants/${shop.id}`)
  const agent = await PostedAgent.redeem(server, made.registrationToken, 'kubernetes')
  const refused = expect.stringContaining('node-cordon harms whole nodes')
  for (const one of [platform, shop]) {
    await server.api.createWorkflow(one.id, CORDON, 'Add it')
    const started = () => server.api.startRun(one.id, 'cordon').catch(({ message }) => message)
    await expect.poll(started).toEqual(refused)
  }
  await platform.change('wide-1', { nodeFaults: true })
  expect((await platform.audit())[0]?.slice(2)).toEqual([
    { name: 'wide-1', environment: 'non-prod' },
    { name: 'wide-1', environment: 'non-prod', nodeFaults: true }
  ])
  const again = await server.api.post<CreatedInfrastructure>(
    `${platform.path}/infrastructures/wide-1/registration-token`,
    {}
  )
  expect(again.manifest).toContain('- nodes')
  await server.api.startRun(platform.id, 'cordon')
  expect((await agent.run()).guardrails).toMatchObject({ nodeFaults: true })
  await expect(server.api.startRun(shop.id, 'cordon')).rejects.toMatchObject({ message: refused })

  const add = (place: object) => server.api.post(`${platform.path}/infrastructures`, { nodeFaults: true, ...place })
  for (const place of [
    { name: 'machine-9', kind: 'local' },
    { name: 'wide-2', kind: 'kubernetes', namespace: 'shop' }
  ])
    await expect(add(place)).rejects.toMatchObject({ code: 'api/no-nodes' })
})

it('further kinds that its agent watches are in the manifest, now and with each new token', async () => {
  const { id, path } = await project()
  const add = (place: object) => server.api.post<CreatedInfrastructure>(`/projects/${id}/infrastructures`, place)
  const watch = ['argoproj.io/v1alpha1/Rollout', 'example.com/v1/Fleet:spec.pods.template']
  const made = await add({ name: 'kinds-1', kind: 'kubernetes', watch })
  expect(made.infrastructure.watch).toEqual(watch)
  const again = await server.api.post<CreatedInfrastructure>(`${path}/infrastructures/kinds-1/registration-token`, {})
  for (const { manifest } of [made, again])
    for (const part of ['- rollouts', '- fleets', `- ${watch[1]}`]) expect(manifest).toContain(part)
  await expect(add({ name: 'kinds-2', kind: 'kubernetes', watch: ['Rollout'] })).rejects.toMatchObject({
    code: 'api/no-such-kind',
    message: expect.stringContaining('"Rollout" is no kind to watch: it is written GROUP/VERSION/KIND')
  })
  await expect(add({ name: 'machine-8', kind: 'local', watch })).rejects.toMatchObject({ code: 'api/no-such-kind' })
})

const CORDON = `apiVersion: litmuschaos.io/v1alpha1
kind: ChaosEngine
metadata: { name: cordon }
spec:
  engineState: active
  experiments:
    - name: node-cordon
      spec: { components: { env: [{ name: TARGET_NODE, value: n1 }] } }
`

it('a cluster is answered with the manifest that starts its agent, and again with each new token', async () => {
  const { path, audit } = await project()
  const add = (place: object) => server.api.post<CreatedInfrastructure>(`${path}/infrastructures`, place)
  const made = await add({ name: 'cluster-1', kind: 'kubernetes', namespace: 'shop' })
  expect(made.infrastructure).toMatchObject({ kind: 'kubernetes', namespace: 'shop' })
  const holds = [`token: ${made.registrationToken}`, `value: ${server.url.href}`, 'namespace: faultline-cluster-1']
  for (const text of [...holds, 'image: faultline:', 'kind: Deployment']) expect(made.manifest).toContain(text)
  const again = await server.api.post<CreatedInfrastructure>(`${path}/infrastructures/cluster-1/registration-token`, {})
  expect(again.registrationToken).not.toBe(made.registrationToken)
  expect(again.manifest).toBe(made.manifest?.replace(made.registrationToken, again.registrationToken))
  expect(JSON.stringify(await audit())).not.toContain(made.registrationToken)

  expect((await add({ name: 'machine-1', kind: 'local' })).manifest).toBeNull()
  await expect(add({ name: 'machine-2', kind: 'local', namespace: 'shop' })).rejects.toMatchObject({
    code: 'api/no-namespace'
  })
  await expect(add({ name: 'cluster-2', kind: 'kubernetes', namespace: 'No Name' })).rejects.toThrow(/400/)
})

it('the engine of a cluster is chosen when it is added, or later, with the rights for it in the manifest', async () => {
  const shop = await project()
  const add = (body: object) => server.api.post<CreatedInfrastructure>(`${shop.path}/infrastructures`, body)
  const { infrastructure, manifest } = await add({ name: 'far', kind: 'kubernetes' })
  expect(infrastructure.engine).toEqual({ kind: 'builtin' })
  expect(manifest).not.toContain('argoproj.io')
  const argo = { kind: 'argo', namespace: 'litmus', instance: 'chaos' }
  expect((await shop.change('far', { engine: argo })).engine).toEqual(argo)
  expect((await shop.change('far', { environment: 'prod' })).engine).toEqual(argo)
  const renewed = await server.api.post<CreatedInfrastructure>(`${shop.path}/infrastructures/far/registration-token`)
  expect(renewed.manifest).toMatch(/name: faultline-far-argo\n {2}namespace: litmus/)
  const near = await add({ name: 'near', kind: 'kubernetes', namespace: 'shop', engine: { kind: 'argo' } })
  expect(near.infrastructure.engine).toEqual({ kind: 'argo', namespace: 'shop', instance: null })
  expect((await shop.audit()).map(([, , before, after]) => [before, after])).toContainEqual([
    expect.objectContaining({ engine: { kind: 'builtin' } }),
    expect.objectContaining({ engine: argo })
  ])
})

it.each([
  ['on a machine', { kind: 'local', engine: { kind: 'argo' } }, 'accounts/no-argo'],
  [
    'in a namespace that its agent does not see',
    { kind: 'kubernetes', namespace: 'shop', engine: { kind: 'argo', namespace: 'argo' } },
    'accounts/argo-namespace'
  ],
  [
    'in a namespace that no chaos may touch',
    { kind: 'kubernetes', engine: { kind: 'argo', namespace: 'kube-system' } },
    'accounts/argo-namespace'
  ],
  ['of an unknown kind', { kind: 'kubernetes', engine: { kind: 'tekton' } }, 'api/invalid'],
  [
    'with an instance id that is no label',
    { kind: 'kubernetes', engine: { kind: 'argo', instance: 'a b' } },
    'api/invalid'
  ]
])('there is no engine %s', async (_what, body, code) => {
  const shop = await project()
  const asked = server.api.post(`${shop.path}/infrastructures`, { name: `e${serial}`, ...body })
  await expect(asked).rejects.toMatchObject({ code })
})
