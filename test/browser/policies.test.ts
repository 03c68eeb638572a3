import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import type { Aspects } from '../../src/domain/index.ts'
import { launchBrowser } from '../harness/browser.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: TestServer
let browser: Browser
let seen: WatchedPage
let agent: PostedAgent

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  agent = await PostedAgent.register(server, 'shop', 'laptop')
  await server.api.createWorkflow('shop', shopWorkflow('cart-resilience'), 'Add it')
  await until('it', 10, async () => (await server.api.workflow('shop', 'cart-resilience')).definition !== null)
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
  const { page } = seen
  await seen.expecting(/401.*\/session/, async () => {
    await page.goto('/login?next=%2Fp%2Fshop%2Fevents%3Ftab%3Dpolicies')
    await page.getByLabel('Login').fill('admin')
  })
  await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
  await page.keyboard.press('Enter')
  await page.getByText('No event policy yet').waitFor()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

function cart(number: number, aspects: Aspects) {
  const head = { uid: 'cart', kind: 'Deployment', namespace: 'shop', name: 'cart', rollout: 'healthy' } as const
  return { ...head, number, aspects, at: new Date().toISOString() }
}

const manifest = (replicas: number) =>
  `kind: Deployment\nmetadata: {name: cart, namespace: shop}\nspec: {replicas: ${replicas}}\n`

test('a policy is made from a template, says in words what it does, and is not offered to run', async () => {
  const { page } = seen
  await keepsPromises(seen, 'no policy')
  await page.getByRole('link', { name: 'New policy' }).press('Enter')
  await page.getByRole('heading', { name: 'New policy' }).waitFor()
  await page.getByRole('button', { name: /^More or fewer pods/ }).press('Enter')
  await page.getByLabel('Name', { exact: true }).fill('cart-scaling')
  await page.getByText('every workload named cart in the namespace shop').waitFor()
  await page.getByText('replicas changes', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Save…' }).press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).press('Enter')
  await page.waitForURL('/p/shop/workflows/cart-scaling')
  await page.getByRole('tab', { name: 'History' }).waitFor()
  await page.getByText('at most once in 1 h for a workload').waitFor()
  expect(await page.getByRole('button', { name: 'Run', exact: true }).count()).toBe(0)
  expect(await page.getByRole('tab', { name: 'Runs' }).count()).toBe(0)
  await keepsPromises(seen, 'a policy')
})

test('the list shows what each decided last, and an event names the policy', async () => {
  const { page } = seen
  await agent.observe(cart(1, { replicas: { replicas: '2' } }), cart(2, { replicas: { replicas: '5' } }))
  await page.goto('/p/shop/events')
  await page.getByText('the number of replicas of deployment/cart changed from 2 to 5', { exact: true }).waitFor()
  await page.getByText('cart-scaling:').waitFor()
  await page.getByRole('tab', { name: 'Policies' }).press('Enter')
  await page.getByText('When replicas changes, of every workload named cart in the namespace shop').waitFor()
  await page.getByText('The number of replicas of deployment/cart changed from 2 to 5.').waitFor()
  await keepsPromises(seen, 'policies')
})

test('the simulator answers for a change that was seen and for one that is pasted, as one types', async () => {
  const { page } = seen
  await page.goto('/p/shop/events')
  await page.getByRole('link', { name: 'Simulate the change of cart' }).press('Enter')
  await page.getByText(/The policy cools down for this workload until/).waitFor()
  await keepsPromises(seen, 'a change simulated')
  await page.getByText('Two manifests').click()
  await page.getByLabel('The workload as it was').fill(manifest(2))
  await page.getByLabel('The workload as it is').fill(manifest(2))
  await page.getByText('Nothing changed in replicas.').waitFor()
  await page.getByLabel('The workload as it is').fill(manifest(3))
  await page.getByText('Would run').waitFor()
  const tried = 'apiVersion: faultline.dev/v1\nkind: EventPolicy\nmetadata: {name: tried}\nspec: {workload: {}}\n'
  await page.getByLabel(/^A policy that is not saved/).fill(tried)
  await page.getByText(/There is no workload here; there are: workloads/).waitFor()
  await page.getByLabel(/^A policy that is not saved/).fill(tried.replace('workload:', 'workloads:'))
  await page.getByText('not saved', { exact: true }).waitFor()
  await keepsPromises(seen, 'manifests simulated')
})

test('the headline of the run names the policy', async () => {
  const { page } = seen
  await agent.run()
  await page.goto('/p/shop/runs')
  await page
    .getByText(/event policy cart-scaling/)
    .first()
    .waitFor()
})

test('the browser complained of nothing', () => {
  expect(seen.complaints).toEqual([])
})
