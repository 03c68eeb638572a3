import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_PREFIX } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer
let headers: Record<string, string>
let agentKey: string

beforeAll(async () => {
  server = await startTestServer()
  const answer = await fetch(new URL(`${API_PREFIX}/session`, server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'admin', password: server.password })
  })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { csrfToken } = (await answer.json()) as { csrfToken: string }
  headers = { cookie, 'x-csrf-token': csrfToken, 'content-type': 'application/json' }
  await server.api.post('/projects', { id: 'mine', name: 'Mine' })
  const { registrationToken } = await server.api.post<{ registrationToken: string }>('/projects/mine/infrastructures', {
    name: 'laptop',
    kind: 'local'
  })
  const registered = await server.api.post<{ key: string }>('/agent/register', {
    token: registrationToken,
    kind: 'local',
    version: '1'
  })
  agentKey = registered.key
  await server.api.createWorkflow('mine', shopWorkflow('cart'), 'Add cart')
  await until('the workflow is there', 10, async () => (await server.api.workflow('mine', 'cart')).definition !== null)
})
afterAll(() => server.close())

interface Sent {
  method?: string
  body?: string
  type?: string
  agent?: boolean
}

async function send(path: string, { method, body, type = 'application/json', agent = false }: Sent = {}) {
  const answer = await fetch(`${server.url.origin}${API_PREFIX}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: agent
      ? { authorization: `Bearer ${agentKey}`, 'content-type': type }
      : { ...headers, 'content-type': type },
    ...(body !== undefined && { body })
  })
  const { code, detail } = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string }
  return { status: answer.status, code, detail }
}

const json = JSON.stringify
const observation = {
  uid: 'u',
  number: 1,
  kind: 'Deployment',
  namespace: 'shop',
  name: 'cart',
  aspects: {},
  rollout: 'healthy',
  at: '2026-01-01T00:00:00Z'
}
const observe = (change: object) => json({ observations: [{ ...observation, ...change }] })

const P = '/projects/mine'
const CASES: [string, string, Sent][] = [
  ['a login with NUL', '/session', { body: json({ login: 'a\0', password: 'x' }) }],
  ['a project name with NUL', '/projects', { body: json({ id: 'nul', name: 'a\0b' }) }],
  ['a project in the path with NUL', '/projects/a%00/overview', {}],
  ['a workflow in the path with NUL', `${P}/workflows/a%00/manifest`, {}],
  ['revisions of a workflow with NUL', `${P}/workflows/a%00/revisions`, {}],
  ['a revision that is no number', `${P}/workflows/cart/revisions/x/manifest`, {}],
  ['a revision beyond all numbers', `${P}/workflows/cart/revisions/99999999999/manifest`, {}],
  ['a cursor of workflows with a NUL', `${P}/workflows?cursor=${Buffer.from('a\0\nb').toString('base64url')}`, {}],
  ['a cursor of revisions that is no number', `${P}/workflows/cart/revisions?cursor=abc`, {}],
  ['a cursor of revisions beyond all numbers', `${P}/workflows/cart/revisions?cursor=99999999999`, {}],
  ['a cursor with NUL', `${P}/runs?cursor=%00`, {}],
  ['an edit with NUL', `${P}/edits/a%00`, {}],
  ['a filter with NUL', `${P}/runs?workflow=%00`, {}],
  ['a cause with NUL', `${P}/runs?cause=%00`, {}],
  ['a run with NUL', `${P}/runs/a%00`, {}],
  ['facts after more than all', `${P}/runs/x/facts?after=99999999999`, {}],
  ['a stream of a project with NUL', '/stream?project=%00', {}],
  ['a message with NUL', `${P}/workflows?message=%00`, { body: shopWorkflow('nul'), type: 'application/yaml' }],
  ['a manifest with NUL', `${P}/workflows`, { body: `${shopWorkflow('nul')}# \0\n`, type: 'application/yaml' }],
  [
    'a manifest with an escaped NUL',
    `${P}/workflows`,
    { body: shopWorkflow('nul').replace('"3000"', '"\\0"'), type: 'application/yaml' }
  ],
  ['a manifest as JSON', `${P}/workflows`, { body: json({ kind: 'Workflow' }) }],
  ['JSON as a manifest', `${P}/runs`, { body: 'workflow: cart', type: 'application/yaml' }],
  ['JSON as plain text', '/projects', { body: json({ id: 'plain', name: 'Plain' }), type: 'text/plain' }],
  ['a form', '/projects', { body: 'id=form&name=Form', type: 'application/x-www-form-urlencoded' }],
  ['broken JSON', '/projects', { body: '{"id":' }],
  ['no body', '/projects', { body: '' }],
  ['a prototype as a key', '/projects', { body: '{"id":"proto","name":"x","__proto__":{"a":1}}' }],
  ['a constructor as a key', '/projects', { body: '{"id":"proto","name":"x","constructor":{"prototype":{"a":1}}}' }],
  ['a body that is an array', '/projects', { body: '[]' }],
  ['a path that is no UTF-8', '/projects/%ff/overview', {}],
  ['a path that is badly escaped', '/projects/%zz/overview', {}],
  ['a run parameter with NUL', `${P}/runs`, { body: json({ workflow: 'cart', parameters: { a: '\0' } }) }],
  ['a run parameter named NUL', `${P}/runs`, { body: json({ workflow: 'cart', parameters: { '\0': 'a' } }) }],
  ['half a character', `${P}/runs`, { body: '{"workflow":"cart","parameters":{"a":"\\ud800"}}' }],
  ['a run of a workflow with NUL', `${P}/runs`, { body: json({ workflow: '\0' }) }],
  ['an infrastructure that is none', `${P}/runs`, { body: json({ workflow: 'cart', infrastructure: 'none' }) }],
  [
    'a namespace with NUL',
    `${P}/guardrails`,
    {
      method: 'PUT',
      body: json({ allowedNamespaces: ['\0'], maxTargets: 1, maxDurationSeconds: 1 })
    }
  ],
  [
    'a user name with NUL',
    `${P}/gitops`,
    {
      method: 'PUT',
      body: json({ url: 'https://git.example.com/a/b', branch: 'main', username: '\0' })
    }
  ],
  [
    'an address that is badly escaped',
    `${P}/gitops`,
    {
      method: 'PUT',
      body: json({ url: 'https://git.example.com/%zz', branch: 'main' })
    }
  ],
  ['an approval of NUL', `${P}/gitops/withheld/%00/accept`, { method: 'POST', body: json({}) }],
  ['a cursor of passes with odd characters', `${P}/gitops/passes?cursor=%27`, {}],
  ['an agent of a version with NUL', '/agent/tasks?wait=0&version=%00', { agent: true }],
  ['an agent that holds NUL', '/agent/tasks?wait=0&holding=%00', { agent: true }],
  ['facts of a lease beyond all', '/agent/runs/x/facts', { agent: true, body: json({ lease: 2 ** 40, facts: [] }) }],
  ['a renewal of a lease beyond all', '/agent/runs/x/renew', { agent: true, body: json({ lease: 2 ** 40 }) }],
  ['facts of a run with NUL', '/agent/runs/a%00/facts', { agent: true, body: json({ lease: 1, facts: [] }) }],
  ['facts that are none', '/agent/runs/x/facts', { agent: true, body: json({ lease: 1, facts: [null, 1, []] }) }],
  ['an observation beyond all numbers', '/agent/observations', { agent: true, body: observe({ number: 2 ** 40 }) }],
  ['a registration with NUL', '/agent/register', { body: json({ token: '\0', kind: 'local', version: '\0' }) }],
  ['a workload with NUL as its uid', '/agent/observations', { agent: true, body: observe({ uid: '\0' }) }],
  ['a long list', '/projects', { body: `[${'0,'.repeat(900_000)}0]` }],
  ['deep JSON', '/projects', { body: `{"id":"deep","name":${'['.repeat(200_000)}${']'.repeat(200_000)}}` }]
]

describe('what no client of ours sends is refused as the fault of who sent it', () => {
  it.each(CASES)('%s', async (_what, path, sent) => {
    const { status, code, detail } = await send(path, sent)
    expect(`${status} ${code} ${detail}`).toMatch(/^4\d\d \w+\//)
  })
})

describe('odd characters that an agent reports', () => {
  it('do not make its report undeliverable', async () => {
    const odd = observe({ aspects: { labels: { 'a\0': 'b\0' }, image: { 'c\0': 'd' } } })
    expect(await send('/agent/observations', { agent: true, body: odd })).toMatchObject({ status: 200 })
  })
})

it('a field that no route knows is named', async () => {
  const guardrails = { allowedNamespaces: ['shop'], maxTargets: 1, maxDurationSeconds: 60, maxTarget: 2 }
  const { status, detail } = await send('/projects/mine/guardrails', { method: 'PUT', body: json(guardrails) })
  expect(status).toBe(400)
  expect(detail).toContain('maxTarget')
})

it('a method that no route has is refused as the fault of who sent it', async () => {
  for (const method of ['QUERY', 'PROPFIND', 'TRACE', 'PATCH'])
    expect([method, await statusOf(method)]).toEqual([method, method === 'QUERY' ? 400 : 404])
})

/** `fetch` sends only the methods that it knows. */
function statusOf(method: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(`${API_PREFIX}/projects`, server.url), { method }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode))
    })
    sent.on('error', reject).end()
  })
}
