import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RunTask } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Runs of two outcomes, as an agent would have reported them. */
let server: TestServer
let browser: Browser
let seen: WatchedPage
const runs: string[] = []

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  const agent = await PostedAgent.register(server, 'shop', 'laptop')
  await server.api.createWorkflow('shop', shopWorkflow('cart'), 'Add it')
  await until('the workflow', 10, async () => (await server.api.workflow('shop', 'cart')).definition !== null)
  for (const passed of [true, false]) {
    await server.api.startRun('shop', 'cart')
    const task = await agent.run()
    runs.push(task.run)
    await reportRun(agent, task, passed)
    await until('its end', 10, async () => (await server.api.run('shop', task.run)).phase === 'completed')
  }
  const cart = { uid: 'u1', kind: 'Deployment', namespace: 'shop', name: 'storefront' }
  for (const [number, image] of [
    [1, 'shop/storefront:v1'],
    [2, 'shop/storefront:v2']
  ] as const) {
    const rollout = 'healthy' as const
    await agent.observe({ ...cart, number, aspects: { image: { web: image } }, rollout, at: new Date().toISOString() })
  }
  await until('the decision', 10, async () => (await server.api.changes('shop')).items[0]?.state === 'decided')
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

test('runs are narrowed down in the address, and Back takes the filter away', async () => {
  const { page } = seen
  await page.goto('/p/shop/runs')
  await page.getByRole('row').nth(2).waitFor()
  await page.getByRole('combobox', { name: 'Any verdict' }).click()
  await page.getByRole('option', { name: 'Fail' }).click()
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  expect(page.url()).toContain('verdict=fail')
  await keepsPromises(seen, 'runs, filtered')
  await page.goBack()
  await expect.poll(() => page.getByRole('row').count()).toBe(3)
})

test('two runs of the list are compared, the older one first', async () => {
  const { page } = seen
  await page.goto('/p/shop/runs')
  await page.getByRole('row').nth(2).waitFor()
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('link', { name: 'Compare the two' }).click()
  await page.getByText('The score fell from 100 to 0.').waitFor()
  await page.getByText('status 500').first().waitFor()
  await page.getByText('Both ran revision 1.').waitFor()
  await keepsPromises(seen, 'comparison')
})

test('the page of a run leads to its comparison with the one before, and to its report', async () => {
  const { page } = seen
  await page.goto(`/p/shop/runs/${runs[1]}`)
  await page.getByRole('button', { name: 'Report' }).click()
  const report = page.getByRole('menuitem', { name: 'To read and print' })
  await page.goto((await report.getAttribute('href')) ?? '')
  await page.getByRole('heading', { name: 'cart fail' }).waitFor()
  await page.goto(`/p/shop/runs/${runs[1]}`)
  await page.getByRole('link', { name: 'Compare with the one before' }).click()
  await page.getByText('The score fell from 100 to 0.').waitFor()
  await page.goto(`/p/shop/runs/compare?b=${runs[0]}`)
  await page.getByText('There is no run before this one').waitFor()
})

test('the timeline is a table as well, and a workflow shows how its scores went', async () => {
  const { page } = seen
  await page.goto(`/p/shop/runs/${runs[1]}`)
  const failures = page.getByRole('img', { name: 'failed: status 500' })
  await failures.first().focus()
  await page.getByRole('tooltip', { name: 'failed: status 500' }).waitFor()
  await page.keyboard.press('ArrowRight')
  expect(await page.evaluate('document.activeElement.dataset.place')).toBe('1')
  await page.getByText('The same as a table').click()
  await page.getByRole('cell', { name: '1 failed: status 500' }).first().waitFor()
  await keepsPromises(seen, 'run with its table')
  await page.goto('/p/shop/workflows/cart?tab=runs')
  await page.getByRole('img', { name: 'Scores of cart, oldest first: 100, 0' }).waitFor()
  await keepsPromises(seen, 'runs of a workflow')
})

test('events tell what changed and why nothing ran; workloads tell what is watched', async () => {
  const { page } = seen
  await page.goto('/p/shop/events?outcome=not-triggered')
  await page.getByText('deployment/storefront has not opted in').waitFor()
  await page.getByText('shop/storefront:v2').waitFor()
  await keepsPromises(seen, 'events')
  await page.getByRole('textbox', { name: 'Workload' }).fill('nowhere')
  await page.getByText('No change fits').waitFor()
  await page.getByRole('tab', { name: 'Workloads' }).click()
  await page.getByText('Not opted in').waitFor()
  await keepsPromises(seen, 'workloads')
})

test('the browser complained of nothing', () => {
  expect(seen.complaints).toEqual([])
})

async function reportRun(agent: PostedAgent, task: RunTask, passed: boolean): Promise<void> {
  await agent.post(task, { type: 'run-phase', phase: 'running', reason: null })
  for (const { id: step, action } of task.plan.steps) {
    if (action.kind !== 'fault') continue
    const verdict = passed ? 'pass' : 'fail'
    const recovery = 'clean' as const
    await agent.post(
      task,
      { type: 'step-phase', step, phase: 'running', reason: null },
      { type: 'targets', step, round: 1, targets: [{ name: 'catalog-1', uid: 'u1' }] },
      { type: 'injection', step, injection: step, target: 'catalog-1', stage: 'applied', evidence: 'it is gone' },
      ...action.fault.probes.flatMap(({ name: probe, mode }) => [
        {
          type: 'probe-check' as const,
          step,
          probe,
          mode,
          passed,
          ms: 3,
          evidence: passed ? 'status 200' : 'status 500'
        },
        {
          type: 'probe-result' as const,
          ...{ step, probe, mode, verdict: verdict as 'pass' | 'fail' },
          ...{ checks: 1, failed: passed ? 0 : 1, evidence: passed ? 'status 200' : 'status 500' }
        }
      ]),
      { type: 'injection', step, injection: step, target: 'catalog-1', stage: 'recovered', evidence: 'it is back' },
      { type: 'fault-result', step, verdict, probeSuccess: passed ? 100 : 0, recovery, weight: 10, evidence: '' },
      { type: 'step-phase', step, phase: 'completed', reason: null }
    )
  }
  await agent.post(task, { type: 'run-phase', phase: 'completed', reason: null })
}
