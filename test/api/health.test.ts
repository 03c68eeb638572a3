import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectProject, settles, startTestServer, type TestServer } from '../harness/server.ts'

/** What machines ask a server: whether it lives, whether it can work, and its figures. */
const TOKEN = 'token-of-prometheus-0123'
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ env: { FAULTLINE_METRICS_TOKEN: TOKEN } })
})
afterAll(() => server.close())

interface Answer {
  status: number
  body: string
  headers: Record<string, unknown>
}

/** By the address of the machine, as a load balancer asks: not by the name that people open. */
async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  request(new URL(path, server.url), { headers: { host: '10.1.2.3:7070', ...headers }, agent: false })
    .on('response', (answer) =>
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }), reject)
    )
    .on('error', reject)
    .end()
  return promise
}

async function figures(): Promise<string> {
  const { status, body } = await ask('/metrics', { authorization: `Bearer ${TOKEN}` })
  expect(status).toBe(200)
  return body
}

it('lives and can work, whatever host it is asked by; everything else keeps to the public one', async () => {
  expect(await ask('/healthz')).toMatchObject({ status: 200, body: expect.stringContaining('"ok":true') })
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: '{"ok":true,"reasons":[]}' })
  expect(await ask('/api/v1/session')).toMatchObject({ status: 403, body: expect.stringContaining('api/wrong-host') })
})

it('figures are for who has the token', async () => {
  for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
    expect(await ask('/metrics', { authorization })).toMatchObject({ status: 401, body: '' })
  }
  expect(await figures()).toContain('faultline_database_up 1')
})

it('every line is one that Prometheus reads', async () => {
  for (const line of (await figures()).trimEnd().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="[^"\n]*",?)+\})? [0-9.e+-]+)$/)
  }
})

it('tells how sync and its git host do, and what was asked, without a name of a project', async () => {
  await connectProject(server, 'very-secret-project')
  await server.api.get('/projects/very-secret-project/overview')
  await settles(figures).toContain('faultline_sync_projects{status="ready"} 1')
  const told = await figures()
  expect(told).toMatch(/faultline_sync_pass_duration_seconds_count\{outcome="ready"\} [1-9]/)
  expect(told).toMatch(/faultline_git_call_duration_seconds_count\{call="tip",outcome="ok"\} [1-9]/)
  expect(told).toMatch(
    /faultline_http_request_duration_seconds_count\{operation="overview",method="GET",status="2xx"\} 1/
  )
  expect(told).toMatch(/nodejs_eventloop_lag_seconds\{quantile="0.99"\} \d/)
  expect(told).toContain('faultline_run_requests_queued 0')
  expect(told).not.toContain('very-secret-project')
})

it('who invents paths and methods makes no new figures', async () => {
  for (let index = 0; index < 30; index++) await ask(`/made-up-${index}`)
  expect(await figures()).not.toContain('made-up')
})

it('an answer has the id that the log has', async () => {
  expect((await ask('/healthz')).headers['x-request-id']).toMatch(/^[0-9a-z]{26}$/i)
})

it('says in its OpenAPI document what the API is, and nothing of the pages of the portal', async () => {
  const answer = await fetch(new URL('/api/openapi.json', server.url))
  const { paths } = (await answer.json()) as { paths: Record<string, unknown> }
  expect(Object.keys(paths).length).toBeGreaterThan(50)
  expect(Object.keys(paths).filter((path) => !path.startsWith('/api/v1/'))).toEqual([])
})
