import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RunTask } from '../../src/contract/index.ts'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { cloneOf, connectProject, startTestServer, type TestServer } from '../harness/server.ts'
import { openPage, type WatchedPage } from './watched-page.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Would run script or become markup wherever a page took a text for HTML. */
const HOSTILE = '"><img src=x onerror="window.hacked=1"><script>window.hacked=2</script><svg onload=window.hacked=3>'
/** The same where little fits. */
const SHORT = '<img src=x onerror=window.hacked=4>'

let server: TestServer
let browser: Browser
let seen: WatchedPage
let run: string

beforeAll(async () => {
  server = await startTestServer()
  const url = await connectProject(server, 'shop')
  await server.api.post('/projects', { id: 'other', name: HOSTILE.slice(0, 100) })
  const person = await cloneOf(server, url)
  const manifest = `# ${HOSTILE}\n${shopWorkflow('cart')}`
  await person.push('litmus/shop/cart.yaml', manifest, HOSTILE)
  const inGit = () => server.api.workflow('shop', 'cart').catch(() => null)
  await until('the workflow', 10, async () => (await inGit())?.sync === 'in-git')
  await person.push('litmus/shop/bad.yaml', `kind: '${HOSTILE}'\n`, HOSTILE)
  const agent = await PostedAgent.register(server, 'shop', 'laptop')
  await server.api.startRun('shop', 'cart')
  const task = await agent.run()
  run = task.run
  await reportRun(agent, task)
  await until('its end', 10, async () => (await server.api.run('shop', run)).phase === 'error')
  const workload = {
    uid: 'u1',
    kind: 'Deployment',
    namespace: SHORT,
    name: SHORT
  } as const
  for (const [number, tag] of [
    [1, 'v1'],
    [2, 'v2']
  ] as const) {
    const at = new Date().toISOString()
    const aspects = { image: { [SHORT]: `${SHORT}:${tag}` }, labels: { app: SHORT } }
    await agent.observe({ ...workload, number, aspects, rollout: 'healthy', at })
  }
  await until('the decision', 10, async () => (await server.api.changes('shop')).items[0]?.state === 'decided')
  await server.api.post('/invitations', { login: 'mallory', name: HOSTILE.slice(0, 100) })
  await server.api.post('/tokens', { name: HOSTILE.slice(0, 60), scopes: ['read'] })
  await server.api.put('/projects/shop/kill-switch', { reason: HOSTILE })
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** A run in which all that an agent, a target or a probe may say is hostile. */
async function reportRun(agent: PostedAgent, task: RunTask): Promise<void> {
  await agent.post(task, { type: 'run-phase', phase: 'running', reason: null })
  const fault = task.plan.steps.find(({ action }) => action.kind === 'fault')
  const step = fault?.id ?? ''
  await agent.post(
    task,
    { type: 'log', step: null, level: 'error', text: HOSTILE },
    { type: 'step-phase', step, phase: 'running', reason: HOSTILE },
    { type: 'targets', step, round: 1, targets: [{ name: HOSTILE, uid: 'u1' }] },
    { type: 'injection', step, injection: step, target: HOSTILE, stage: 'applied', evidence: HOSTILE },
    { type: 'probe-check', step, probe: HOSTILE, mode: 'EOT', passed: false, ms: 3, evidence: HOSTILE },
    { type: 'injection', step, injection: step, target: HOSTILE, stage: 'recovered', evidence: HOSTILE },
    { type: 'step-phase', step, phase: 'error', reason: HOSTILE },
    { type: 'run-phase', phase: 'error', reason: HOSTILE }
  )
}

test('hostile texts in every field are shown as texts: no script runs, no markup is made', async () => {
  const { page } = seen
  await seen.expecting(/401.*\/session/, async () => {
    await page.goto('/login?next=/p/shop')
    await page.getByLabel('Login').fill('admin')
  })
  await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  const pages = [
    '',
    '/workflows',
    '/workflows/cart',
    '/workflows/cart?tab=history',
    '/workflows/cart?tab=triggers',
    '/runs',
    `/runs/${run}`,
    '/events',
    '/settings/gitops',
    '/infrastructures',
    '/settings/members',
    '/settings/tokens',
    '/settings/audit',
    '/settings/users'
  ]
  const shown: string[] = []
  for (const path of pages) {
    await page.goto(`/p/shop${path}`)
    await page.locator('main h1').waitFor()
    await expect.poll(() => page.locator('.mantine-Skeleton-root').count(), { timeout: 10_000 }).toBe(0)
    if ((await page.locator('main').innerText()).includes('onerror="window.hacked')) shown.push(path)
    await expectHarmless(path)
  }
  // the kill switch alone brings it to every page; the workflow's own text is in the editor
  expect(shown).toEqual(pages)
  await page.keyboard.press('Control+K')
  await page
    .getByRole('option', { name: /onerror/ })
    .first()
    .waitFor()
  await expectHarmless('palette')
  expect(seen.complaints).toEqual([])
})

test('nor in the report, which is a page of its own', async () => {
  const { page } = seen
  const answer = await page.goto(`/api/v1/projects/shop/runs/${run}/report.html`)
  expect(await answer?.text()).toContain('onerror=')
  await expectHarmless('report')
})

async function expectHarmless(where: string): Promise<void> {
  const { page } = seen
  expect(await page.evaluate('window.hacked'), where).toBe(undefined)
  expect(await page.locator('img[src=x], svg[onload]').count(), where).toBe(0)
  expect(await page.locator('script', { hasText: 'hacked' }).count(), where).toBe(0)
}
