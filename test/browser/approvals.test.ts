import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RunTask } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import type { FactBody } from '../../src/domain/index.ts'
import { launchBrowser } from '../harness/browser.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

vi.setConfig({ testTimeout: 60_000 })

/** A run that tried a fault twice and waits for a person, as an agent would have reported it. */
const TEXT = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: careful }
spec:
  entrypoint: chaos
  onExit: tidy-up
  arguments: { parameters: [{ name: environment, value: stage }] }
  templates:
    - name: chaos
      steps:
        - [{ name: slow, template: latency }]
        - [{ name: only-in-production, template: breath, when: "{{workflow.parameters.environment}} == production" }]
        - [{ name: ask, template: approval }]
        - [{ name: after, template: breath }]
    - { name: tidy-up, steps: [[{ name: look-again, template: breath }]] }
    - { name: approval, suspend: {} }
    - { name: breath, suspend: { duration: 1s } }
    - name: latency
      retryStrategy: { limit: "2" }
      inputs:
        artifacts:
          - name: engine
            path: /tmp/engine.yaml
            raw:
              data: |
                apiVersion: litmuschaos.io/v1alpha1
                kind: ChaosEngine
                metadata: { generateName: slow }
                spec:
                  appinfo: { appns: shop, applabel: app=reviews, appkind: deployment }
                  experiments:
                    - name: pod-network-latency
                      spec:
                        probe:
                          - name: page-answers
                            type: httpProbe
                            mode: EOT
                            httpProbe/inputs: { url: "http://shop.shop:80/", method: { get: { criteria: ==, responseCode: "200" } } }
      container: { image: litmuschaos/litmus-checker:latest }
`
let server: TestServer
let agent: PostedAgent
let browser: Browser
let seen: WatchedPage

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  agent = await PostedAgent.register(server, 'shop', 'laptop')
  await server.api.createWorkflow('shop', TEXT, 'Add it')
  await until('the workflow', 10, async () => (await server.api.workflow('shop', 'careful')).definition !== null)
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
  await seen.page.goto('/login')
  await seen.page.getByLabel('Login').fill('admin')
  await seen.page.getByRole('textbox', { name: 'Password' }).fill(server.password)
  await seen.page.getByRole('button', { name: 'Sign in' }).click()
  await seen.page.getByRole('heading', { name: 'Overview' }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test('what waits for a person needs you; its page tells attempts, what was left out, and what comes at the end', async () => {
  const { page } = seen
  await waitingRun()
  await page.goto('/p/shop')
  const needs = page.getByRole('region', { name: 'Needs you' })
  await needs.getByText('waits for a person').waitFor()
  await keepsPromises(seen, 'overview with a run that waits')
  await needs.getByRole('link', { name: 'careful' }).click()
  await page.getByText('attempt 1 of 3, tried again: 0 of 1 checks passed; status 500').waitFor()
  await page.getByText('attempt 2 of 3: 1 of 1 checks passed').waitFor()
  const steps = page.getByRole('region', { name: 'Steps of the run' })
  await steps.getByText('attempt 2 of 3, pod-network-latency').waitFor()
  await steps.getByText('when: stage == production is not true').waitFor()
  await steps.getByText('at the end: pause 1 s').waitFor()
  expect(await page.getByText('Probe failed').count()).toBe(0)
  await keepsPromises(seen, 'run that waits')
})

test('a person approves with a reason, and the page says so', async () => {
  const { page } = seen
  await page.getByRole('button', { name: 'Approve' }).click()
  const dialog = page.getByRole('dialog', { name: 'Approve ask' })
  await dialog.getByRole('textbox').fill('the board is quiet')
  await keepsPromises(seen, 'approval')
  await dialog.getByRole('button', { name: 'Approve' }).click()
  await page.getByText('approved by admin: the board is quiet').first().waitFor()
  expect(await page.getByRole('button', { name: 'Reject' }).count()).toBe(0)
})

test('a person rejects without one, and the run is told', async () => {
  const { page } = seen
  const task = await waitingRun()
  await page.goto(`/p/shop/runs/${task.run}`)
  await page.getByRole('button', { name: 'Reject' }).click()
  await page.getByRole('dialog', { name: 'Reject ask' }).getByRole('button', { name: 'Reject' }).click()
  await page.getByText('rejected by admin').first().waitFor()
  await agent.approvalOf(task)
})

test('the browser complained of nothing', () => {
  expect(seen.complaints).toEqual([])
})

async function waitingRun(): Promise<RunTask> {
  await server.api.startRun('shop', 'careful')
  const task = await agent.run()
  await agent.post(
    task,
    { type: 'run-phase', phase: 'running', reason: null },
    ...attempt(1, false),
    ...attempt(2, true),
    { type: 'step-phase', step: 'slow', phase: 'completed', reason: null },
    {
      type: 'step-phase',
      step: 'only-in-production',
      phase: 'skipped',
      reason: 'when: stage == production is not true'
    },
    { type: 'step-phase', step: 'ask', phase: 'waiting', reason: null },
    { type: 'run-phase', phase: 'waiting', reason: null }
  )
  await until('that it waits', 10, async () => (await server.api.run('shop', task.run)).phase === 'waiting')
  return task
}

function attempt(number: number, passed: boolean): FactBody[] {
  const of = { step: 'slow', ...(number > 1 && { attempt: number }) }
  const probe = { probe: 'page-answers', mode: 'EOT' as const, evidence: passed ? 'status 200' : 'status 500' }
  const hit = { type: 'injection' as const, ...of, injection: `i${number}`, target: 'service/reviews' }
  const verdict = passed ? ('pass' as const) : ('fail' as const)
  return [
    { type: 'step-phase', ...of, phase: 'running', reason: number > 1 ? `attempt ${number} of 3` : null },
    { ...hit, stage: 'applied', evidence: 'slower by 2000 ms' },
    { ...hit, stage: 'recovered', evidence: 'as quick as before' },
    { type: 'probe-check', ...of, ...probe, passed, ms: 4 },
    { type: 'probe-result', ...of, ...probe, verdict, checks: 1, failed: passed ? 0 : 1 },
    {
      ...{ type: 'fault-result', ...of, verdict, probeSuccess: passed ? 100 : 0 },
      ...{ recovery: 'clean', weight: 10, evidence: '' }
    }
  ]
}
