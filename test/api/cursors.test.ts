import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_PREFIX, type CreatedInfrastructure, ROUTES, type Route } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

let server: TestServer
/** what a path needs to be that of something that is there */
let known: Record<string, string>
let agentKey: string

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'paged', name: 'Paged' })
  await server.api.createWorkflow('paged', shopWorkflow('cart'), 'Add cart')
  await until('the workflow is there', 10, async () => (await server.api.workflow('paged', 'cart')).definition !== null)
  const wish = { name: 'release', kind: 'flux', workflow: 'cart' }
  const { hook } = await server.api.post<{ hook: { id: string } }>('/projects/paged/hooks', wish)
  const place = { name: 'cluster', kind: 'kubernetes' }
  const { registrationToken: token } = await server.api.post<CreatedInfrastructure>(
    '/projects/paged/infrastructures',
    place
  )
  agentKey = (await server.api.post<{ key: string }>('/agent/register', { token, kind: 'kubernetes', version: '1' }))
    .key
  known = { ':project': 'paged', ':name': 'cart', ':hook': hook.id }
})
afterAll(() => server.close())

const paged = Object.values<Route>(ROUTES).filter(({ query }) => query !== undefined && 'cursor' in query.properties)

it('lists are paged', () => {
  expect(paged.length).toBeGreaterThan(8)
})

async function askedByAgent(path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${agentKey}` }
  return (await fetch(`${server.url.origin}${API_PREFIX}${path}`, { headers })).json()
}

describe.each(paged.map(({ path, access }) => [path, access] as const))('%s', (path, access) => {
  const refusal = (cursor: string): Promise<unknown> => {
    const list = `${path.replace(/:\w+/g, (word) => known[word] ?? word)}?cursor=${encodeURIComponent(cursor)}`
    return access === 'agent' ? askedByAgent(list) : server.api.get(list).catch((error: unknown) => error)
  }

  it.each([
    ['a word', 'garbage'],
    ['nothing', ''],
    ['signs', "../%00'--"],
    ['a long one', 'z'.repeat(1999)],
    ['other data', Buffer.from('{"after":1}').toString('base64url')],
    ['a NUL', Buffer.from(JSON.stringify(['\0', '\0', '\0'])).toString('base64url')],
    ['less than nothing', '-1'],
    ['half a number', '1.5']
  ])('refuses as a cursor: %s', async (_what, cursor) => {
    expect(await refusal(cursor)).toMatchObject({ code: 'api/bad-cursor' })
  })
})
