import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  CreatedHook,
  CreatedToken,
  Gate,
  Hook,
  HookBody,
  HookDecision,
  RunSummary
} from '../../src/contract/index.ts'
import type { ApiClient } from '../../src/demo/api-client.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { newPerson } from '../harness/people.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { connectProject, settles, startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer
let agent: PostedAgent
let viewer: ApiClient

beforeAll(async () => {
  server = await startTestServer()
  await connectProject(server, 'shop')
  agent = await PostedAgent.register(server, 'shop', 'laptop')
  for (const name of ['cart', 'guarded']) await server.api.createWorkflow('shop', shopWorkflow(name), `Add ${name}`)
  await server.api.post('/projects/shop/gitops/sync')
  viewer = await newPerson(server, 'vera', { project: 'shop', role: 'viewer' })
})
afterAll(() => server.close())

let made = 0
async function hookOf(kind: HookBody['kind'], more: Partial<HookBody> = {}): Promise<CreatedHook> {
  return server.api.post('/projects/shop/hooks', { name: `${kind}-${++made}`, kind, workflow: 'cart', ...more })
}

interface Call {
  headers?: Record<string, string>
  body?: unknown
}
interface Answer {
  status: number
  outcome?: string
  reason?: string
  request?: string | null
  code?: string
  retryAfter: string | null
}

async function call({ hook, secret }: CreatedHook, { body = '', headers = {} }: Call = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await fetch(new URL(new URL(hook.url).pathname, server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, ...headers },
    body: text
  })
  const said = (await answer.json().catch(() => ({}))) as object
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), ...said }
}

const signature = (body: unknown, key: string) => ({
  'x-signature': `sha256=${createHmac('sha256', key).update(JSON.stringify(body)).digest('hex')}`
})
const deployed = (revision: string, more: object = {}) => ({ app: 'cart', revision, health: 'Healthy', ...more })
const eventsOf = async ({ hook }: CreatedHook) =>
  (await server.api.get<{ items: HookDecision[] }>(`/projects/shop/hooks/${hook.id}/events`)).items
const runsOf = async (hook: CreatedHook) => {
  const { items } = await server.api.get<{ items: RunSummary[] }>('/projects/shop/runs?cause=hook&limit=200')
  return items.filter(({ cause }) => cause.kind === 'hook' && cause.hook === hook.hook.id)
}

const reconciled = {
  involvedObject: { kind: 'Kustomization', namespace: 'flux-system', name: 'shop', uid: 'u1' },
  severity: 'info',
  timestamp: '2026-01-31T09:00:00Z',
  message: 'Reconciliation finished',
  reason: 'ReconciliationSucceeded',
  metadata: { 'kustomize.toolkit.fluxcd.io/revision': 'main@sha1:c0ffee' },
  reportingController: 'kustomize-controller'
}
const firing = {
  version: '4',
  groupKey: '{}:{alertname="SlowCart"}',
  status: 'firing',
  alerts: Array.from({ length: 40 }, (_, n) => ({
    status: 'firing',
    labels: { alertname: 'SlowCart', pod: `cart-${n}`, namespace: 'shop' },
    annotations: { summary: 'slow', description: 'slow', runbook: 'none', since: 'now' },
    startsAt: `2026-01-31T09:00:${String(n + 10)}Z`
  })),
  commonLabels: { alertname: 'SlowCart', namespace: 'shop' }
}

describe('an event starts one run, however often it is told', () => {
  it.each<[HookBody['kind'], Record<string, string>, unknown, string]>([
    ['argo-cd', {}, deployed('c0ffee'), 'application cart at revision c0ffee'],
    ['alertmanager', {}, firing, 'SlowCart is firing'],
    [
      'cloudevents',
      { 'content-type': 'application/cloudevents+json' },
      { specversion: '1.0', id: '7', source: '/ci', type: 'deployed', data: { revision: 'c0ffee' } },
      'deployed of /ci'
    ],
    [
      'cloudevents',
      { 'ce-specversion': '1.0', 'ce-id': '8', 'ce-source': '/ci', 'ce-type': 'deployed' },
      { revision: 'c0ffee' },
      'deployed of /ci'
    ]
  ])('%s', async (kind, headers, body, subject) => {
    const hook = await hookOf(kind)
    const answers = await Promise.all(Array.from({ length: 5 }, () => call(hook, { headers, body })))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202])
    expect(answers.filter(({ outcome }) => outcome === 'triggered')).toHaveLength(1)
    expect(new Set(answers.map(({ request }) => request)).size).toBe(1)
    // sooner than what nobody tells of is looked for: repetitions do not hold up the run
    await settles(async () => (await runsOf(hook)).map((run) => run.cause), 4_000).toEqual([
      expect.objectContaining({ name: hook.hook.name, sender: kind, subject })
    ])
    const events = await eventsOf(hook)
    expect(events).toHaveLength(5)
    expect(events.filter(({ outcome }) => outcome === 'triggered')).toMatchObject([
      { subject, request: { id: answers[0]?.request } }
    ])
  })

  it('flux, which signs', async () => {
    const hook = await hookOf('flux')
    const headers = signature(reconciled, hook.secret)
    expect(await call(hook, { headers, body: reconciled })).toMatchObject({ status: 202, outcome: 'triggered' })
    expect(await call(hook, { headers, body: reconciled })).toMatchObject({ status: 202, outcome: 'not-triggered' })
    const progressing = { ...reconciled, reason: 'Progressing' }
    const other = await call(hook, { headers: signature(progressing, hook.secret), body: progressing })
    expect(other).toMatchObject({ status: 202, outcome: 'not-triggered' })
    await settles(async () => (await runsOf(hook)).map(({ cause }) => cause)).toMatchObject([
      { revision: 'main@sha1:c0ffee' }
    ])
  })

  it('and another revision is another event', async () => {
    const hook = await hookOf('argo-cd')
    for (const revision of ['a1', 'b2']) await call(hook, { body: deployed(revision) })
    await settles(() => runsOf(hook)).toHaveLength(2)
  })
})

describe('what is no reason to start', () => {
  it.each<[string, Partial<HookBody>, unknown, string]>([
    ['a paused hook', { paused: true }, deployed('p1'), 'paused'],
    ['an unhealthy application', {}, deployed('p2', { health: 'Degraded' }), 'Degraded'],
    ['a value that does not fit', { only: { app: 'pay*' } }, deployed('p3'), 'app is cart, not like pay*'],
    ['a workflow that is not there', { workflow: 'nothing' }, deployed('p4'), 'no workflow nothing']
  ])('%s: it is said, and kept', async (_, more, body, reason) => {
    const hook = await hookOf('argo-cd', more)
    expect(await call(hook, { body })).toMatchObject({ status: 202, request: null })
    expect((await eventsOf(hook)).map((event) => event.reason)).toEqual([expect.stringContaining(reason)])
  })

  it.each<[string, unknown]>([
    ['no JSON', '{{{'],
    ['nothing', ''],
    ['a list', [1, 2]],
    ['no revision', { app: 'cart' }],
    ['null', null],
    ['odd shapes', { app: { a: [] }, revision: [[]] }]
  ])('a body with %s is refused with what is missing', async (_, body) => {
    const hook = await hookOf('argo-cd')
    expect(await call(hook, { body })).toMatchObject({ status: 400, code: 'trigger/bad-event' })
    expect(await eventsOf(hook)).toMatchObject([{ outcome: 'failed' }])
  })

  it('the kill switch drops it', async () => {
    const hook = await hookOf('argo-cd')
    await server.api.put('/projects/shop/kill-switch', { reason: 'exam' })
    expect(await call(hook, { body: deployed('k1') })).toMatchObject({ status: 202 })
    await settles(async () => (await eventsOf(hook))[0]?.request?.state).toBe('dropped')
    await server.api.delete('/projects/shop/kill-switch')
  })

  it('a limit that is used up: come again later, and then it is heard', async () => {
    const hook = await hookOf('argo-cd', { limit: { runs: 1, perSeconds: 3600 } })
    await call(hook, { body: deployed('l1') })
    const second = await call(hook, { body: deployed('l2') })
    expect(second).toMatchObject({ status: 429, code: 'trigger/hook-limit' })
    expect(Number(second.retryAfter)).toBeGreaterThan(3500)
    expect((await eventsOf(hook)).map(({ outcome }) => outcome)).toEqual(['not-triggered', 'triggered'])
    await server.api.put(`/projects/shop/hooks/${hook.hook.id}`, {
      name: hook.hook.name,
      workflow: 'cart',
      limit: { runs: 2, perSeconds: 3600 }
    })
    expect(await call(hook, { body: deployed('l2') })).toMatchObject({ status: 202, outcome: 'triggered' })
  })
})

it('values of the event go into parameters as data', async () => {
  const parameters = { target: '{{event.app}}', note: '{{event.images.0}} {{event.missing}}' }
  const hook = await hookOf('argo-cd', { parameters })
  const odd = 'x: "y"\n{{workflow.name}}\u0000'
  const { request } = await call(hook, { body: deployed('v1', { images: [odd] }) })
  const stored = await server.store.db
    .selectFrom('runRequests')
    .select('parameters')
    .where('id', '=', request ?? '')
    .executeTakeFirstOrThrow()
  expect(stored.parameters).toEqual({ target: 'cart', note: 'x: "y" {{workflow.name}}  {{event.missing}}' })
})

describe('whoever does not know the secret', () => {
  it.each<[string, HookBody['kind'], (secret: string) => Record<string, string>]>([
    ['sends none', 'argo-cd', () => ({ authorization: '' })],
    ['guesses', 'argo-cd', () => ({ authorization: 'Bearer guess' })],
    ['signs where a token is asked for', 'argo-cd', (key) => ({ authorization: '', ...signature(reconciled, key) })],
    ['sends the key where a signature is asked for', 'flux', () => ({})],
    ['signs with another key', 'flux', () => signature(reconciled, 'guess')],
    ['signs something else', 'flux', (key) => signature({ ...reconciled, severity: 'error' }, key)]
  ])('and %s is not heard, with the answer of a hook that is not there', async (_, kind, headersOf) => {
    const hook = await hookOf(kind)
    const headers = headersOf(hook.secret)
    const answer = await call(hook, { headers, body: reconciled })
    expect(answer).toMatchObject({ status: 401, ok: false })
    const nowhere = { ...hook, hook: { ...hook.hook, url: hook.hook.url.replace(/.{26}$/, '0'.repeat(26)) } }
    expect(await call(nowhere, { headers, body: reconciled })).toEqual(answer)
    expect(await eventsOf(hook)).toEqual([])
    const refusal = async () =>
      (await server.api.get<{ items: Hook[] }>('/projects/shop/hooks')).items.find(({ id }) => id === hook.hook.id)
    await settles(async () => (await refusal())?.refusedAt).not.toBeNull()
  })

  it('the secret of another hook, or the one before, is none', async () => {
    const [one, other] = [await hookOf('argo-cd'), await hookOf('argo-cd')]
    expect(await call({ ...one, secret: other.secret }, { body: deployed('s1') })).toMatchObject({ status: 401 })
    const renewed = await server.api.post<CreatedHook>(`/projects/shop/hooks/${one.hook.id}/secret`)
    expect(await call(one, { body: deployed('s1') })).toMatchObject({ status: 401 })
    expect(await call(renewed, { body: deployed('s1') })).toMatchObject({ status: 202 })
  })

  it('cannot fill the memory: what is too long is refused unread', async () => {
    const hook = await hookOf('argo-cd')
    expect(await call(hook, { body: 'x'.repeat(300 * 1024) })).toMatchObject({ status: 413, code: 'api/too-large' })
  })
})

describe('people', () => {
  it('who are no owner read hooks and what they decided, and change none', async () => {
    const { hook } = await hookOf('argo-cd')
    const listed = await viewer.get<{ items: Hook[] }>('/projects/shop/hooks')
    expect(listed.items.map(({ id }) => id)).toContain(hook.id)
    await viewer.get(`/projects/shop/hooks/${hook.id}/events`)
    const body = { name: 'mine', kind: 'argo-cd', workflow: 'cart' }
    await expect(viewer.post('/projects/shop/hooks', body)).rejects.toMatchObject({ code: 'api/denied' })
    await expect(viewer.post(`/projects/shop/hooks/${hook.id}/secret`)).rejects.toMatchObject({ code: 'api/denied' })
  })

  it('find no hook of another project through theirs', async () => {
    const { hook } = await hookOf('argo-cd')
    await server.api.post('/projects', { id: 'other', name: 'Other' })
    await expect(server.api.get(`/projects/other/hooks/${hook.id}/events`)).rejects.toMatchObject({
      code: 'api/unknown-hook'
    })
    await expect(server.api.post(`/projects/other/hooks/${hook.id}/secret`)).rejects.toMatchObject({
      code: 'api/unknown-hook'
    })
  })

  it('see in the audit who changed what, and nowhere a secret', async () => {
    const hook = await hookOf('flux')
    const renewed = await server.api.post<CreatedHook>(`/projects/shop/hooks/${hook.hook.id}/secret`)
    await server.api.delete(`/projects/shop/hooks/${hook.hook.id}`)
    expect(await call(renewed, { body: reconciled })).toMatchObject({ status: 401 })
    const audit = await server.api.get<{ items: { action: string; target: string }[] }>('/projects/shop/audit')
    const actions = audit.items.filter(({ target }) => target === hook.hook.name).map(({ action }) => action)
    expect(actions).toEqual(['hook.remove', 'hook.renew-secret', 'hook.create'])
    for (const { secret } of [hook, renewed]) expect(JSON.stringify(audit)).not.toContain(secret)
  })

  it.each<[string, object]>([
    ['a name that is none', { name: 'Bad Name' }],
    ['a kind that there is not', { kind: 'nope' }],
    ['a parameter without a name', { parameters: { '': 'x' } }],
    ['a limit of nothing', { limit: { runs: 0, perSeconds: 1 } }],
    ['a field that nobody knows', { secret: 'mine' }]
  ])('are told of %s', async (_, wrong) => {
    const body = { name: 'wrong', kind: 'argo-cd', workflow: 'cart', ...wrong }
    await expect(server.api.post('/projects/shop/hooks', body)).rejects.toMatchObject({ code: 'api/invalid' })
  })

  it('give no two hooks one name', async () => {
    const { hook } = await hookOf('argo-cd')
    await expect(hookOf('argo-cd', { name: hook.name })).rejects.toMatchObject({ code: 'trigger/hook-name-taken' })
  })
})

describe('the gate', () => {
  let token: string
  beforeAll(async () => {
    const wish = { name: 'flagger', scopes: ['read'], project: 'shop' }
    token = (await viewer.post<CreatedToken>('/tokens', wish)).secret
    await server.api.put('/projects/shop/kill-switch', { reason: 'ends what the other tests began' })
    await server.api.delete('/projects/shop/kill-switch')
  })

  /** As Flagger does, whose address has the token as a password. */
  async function ask(query = '') {
    const answer = await fetch(new URL(`/api/v1/projects/shop/gates/guarded${query}`, server.url), {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`flagger:${token}`).toString('base64')}`,
        'content-type': 'application/json'
      },
      body: JSON.stringify({ name: 'cart', namespace: 'shop', phase: 'Progressing', checksum: '1', metadata: {} })
    })
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), ...((await answer.json()) as Gate) }
  }
  const measure = (query = '') => viewer.get<Gate>(`/projects/shop/gates/guarded${query}`)

  it('stays shut without a run, while one goes on, and after a failure; opens after a pass', async () => {
    expect(await ask()).toMatchObject({ status: 409, go: false, outcome: 'not-judged', retryAfter: null })
    const hook = await hookOf('argo-cd', { workflow: 'guarded' })
    for (const [revision, success] of [
      ['good', 100],
      ['bad', 0]
    ] as const) {
      await call(hook, { body: deployed(revision) })
      expect(await ask(`?revision=${revision}`)).toMatchObject({ status: 409, outcome: 'waiting', retryAfter: '15' })
      const task = await agent.run()
      expect(await measure(`?revision=${revision}`)).toMatchObject({ go: false, outcome: 'waiting', run: task.run })
      await agent.completes(
        task,
        task.plan.steps.map(() => success)
      )
      await settles(() => measure(`?revision=${revision}`)).toMatchObject({ outcome: success ? 'passed' : 'failed' })
    }
    expect(await ask('?revision=good')).toMatchObject({ status: 200, go: true, verdict: 'pass', score: 100 })
    expect(await ask('?revision=bad')).toMatchObject({ status: 409, go: false, outcome: 'failed', retryAfter: null })
    expect(await ask()).toMatchObject({ status: 409, outcome: 'failed' })
    expect(await ask('?minScore=0')).toMatchObject({ status: 200, score: 0 })
  })

  it('is asked by nobody who may not read the project, and for no workflow that is not there', async () => {
    const url = new URL('/api/v1/projects/shop/gates/guarded', server.url)
    expect((await fetch(url, { method: 'POST' })).status).toBe(401)
    const stranger = await newPerson(server, 'sven')
    await expect(stranger.get('/projects/shop/gates/guarded')).rejects.toMatchObject({ code: 'api/unknown-project' })
    await expect(viewer.get('/projects/shop/gates/nothing')).rejects.toMatchObject({ code: 'api/unknown-workflow' })
  })
})
