import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CreatedToken, RunReport } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { faultline } from '../harness/command.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

const HOSTILE = '<script>alert("report")</script>'
let server: TestServer
let run: string
let secret: string

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  const agent = await PostedAgent.register(server, 'shop', 'laptop')
  await server.api.createWorkflow('shop', shopWorkflow('cart'), 'Add it')
  await until('the workflow', 10, async () => (await server.api.workflow('shop', 'cart')).definition !== null)
  await server.api.startRun('shop', 'cart')
  const task = await agent.run()
  run = task.run
  const [step = ''] = task.plan.steps.map(({ id }) => id)
  const head = { step, probe: 'storefront-answers', mode: 'Continuous' } as const
  await agent.post(
    task,
    { type: 'run-phase', phase: 'running', reason: null },
    { type: 'step-phase', step, phase: 'running', reason: null },
    { type: 'targets', step, round: 1, targets: [{ name: 'catalog-1', uid: 'u1' }] },
    { type: 'injection', step, injection: '1', target: 'catalog-1', stage: 'applied', evidence: 'the pod is gone' },
    { type: 'probe-check', ...head, passed: false, ms: 12, evidence: HOSTILE },
    { type: 'probe-result', ...head, verdict: 'fail', checks: 4, failed: 1, evidence: HOSTILE },
    {
      type: 'fault-result',
      step,
      verdict: 'fail',
      probeSuccess: 0,
      recovery: 'clean',
      weight: 10,
      evidence: HOSTILE
    },
    { type: 'step-phase', step, phase: 'completed', reason: null },
    { type: 'run-phase', phase: 'completed', reason: null }
  )
  await until('its end', 10, async () => (await server.api.run('shop', run)).phase === 'completed')
  secret = (await server.api.post<CreatedToken>('/tokens', { name: 'ci', scopes: ['read'] })).secret
})
afterAll(() => server.close())

const answer = (ending: string) =>
  fetch(new URL(`/api/v1/projects/shop/runs/${run}/report.${ending}`, server.url), {
    headers: { authorization: `Bearer ${secret}` }
  })

it('tells a run as JSON, with its probes and what each of them saw', async () => {
  const report = (await (await answer('json')).json()) as RunReport
  expect(report).toMatchObject({
    version: 1,
    project: 'shop',
    run: { id: run, verdict: 'fail', score: 0 },
    headline: 'cart ran because admin started it.',
    formula: '(10 × 0 %) / 10 = 0',
    judgement: { outcome: 'failed' },
    complete: true
  })
  expect(report.steps[0]?.fault).toMatchObject({
    name: 'pod-delete',
    targets: ['catalog-1'],
    injections: [{ target: 'catalog-1', stages: [{ stage: 'applied', evidence: 'the pod is gone' }] }],
    probes: [{ name: 'storefront-answers', verdict: 'fail', checks: 4, failed: 1, failures: [{ evidence: HOSTILE }] }]
  })
})

it('tells it as a page in which nothing can run', async () => {
  const page = await answer('html')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-.*; sandbox$/)
  expect(page.headers.get('content-disposition')).toBe(`inline; filename="run-${run}.html"`)
  const text = await page.text()
  expect(text).not.toContain('<script')
  expect(text).toContain('&lt;script&gt;alert(&quot;report&quot;)')
})

it('tells it as JUnit XML, which the command line writes to a file as well', async () => {
  const xml = await (await answer('xml')).text()
  expect(xml).toContain('failures="2"')
  const command = faultline(['report', run, '--format', 'junit'], {
    FAULTLINE_SERVER_URL: server.url.href,
    FAULTLINE_TOKEN: secret
  })
  const { code, stdout } = await command.ended
  expect([code, stdout]).toEqual([0, xml])
})

it('tells nothing of a run of another project', async () => {
  await server.api.post('/projects', { id: 'other', name: 'Other' })
  await expect(server.api.get(`/projects/other/runs/${run}/report.json`)).rejects.toThrow(/answered 404/)
})
