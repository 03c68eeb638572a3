import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

/** Settings → Hooks: each test goes on where the one before it ended. */

vi.setConfig({ testTimeout: 40_000 })

let server: TestServer
let browser: Browser
let seen: WatchedPage
let secret = ''

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  await PostedAgent.register(server, 'shop', 'laptop')
  await server.api.createWorkflow('shop', shopWorkflow('cart'), 'Add it')
  await until('the workflow', 10, async () => (await server.api.workflow('shop', 'cart')).definition !== null)
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
  const { page } = seen
  await seen.expecting(/401.*\/session/, async () => {
    await page.goto('/login?next=/p/shop/settings/hooks')
    await page.getByLabel('Login').fill('admin')
  })
  await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'No hook yet' }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test('a hook is made; what is wrong is said beside it, the secret is shown once with the steps of the sender', async () => {
  const { page } = seen
  await page.getByRole('button', { name: 'New hook' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('releases')
  await dialog.getByLabel('Only where').fill('app cart')
  await dialog.getByRole('button', { name: 'Make the hook' }).click()
  await dialog.getByText('Line 1 is not of the form name = text.').waitFor()
  await dialog.getByText('Choose the workflow that it starts.').waitFor()
  await keepsPromises(seen, 'a new hook')
  await dialog.getByLabel('Only where').fill('app = cart*')
  await dialog.getByLabel('Parameters of the run').fill('revision = {{event.revision}}')
  await dialog.getByRole('combobox', { name: 'Workflow that it starts' }).click()
  await page.getByRole('option', { name: 'cart' }).click()
  await dialog.getByRole('button', { name: 'Make the hook' }).click()
  secret = await dialog.getByRole('region', { name: 'hook secret' }).innerText()
  const address = await dialog.getByRole('region', { name: 'hook address' }).innerText()
  const lines = await dialog.getByRole('region', { name: 'lines for Argo CD' }).innerText()
  expect(lines).toContain(`url: ${address}`)
  await keepsPromises(seen, 'the secret of a hook')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page
    .getByRole('row', { name: /releases.*Argo CD, only app like cart\*.*cart.*Active.*6 runs an hour/ })
    .waitFor()
  expect(await page.getByText(secret).count()).toBe(0)
  await keepsPromises(seen, 'hooks')
})

test('its calls are listed with what was decided, and one with a wrong secret is told', async () => {
  const { page } = seen
  await page.getByRole('link', { name: 'Decisions of releases' }).click()
  await page.getByRole('heading', { name: 'No call yet' }).waitFor()
  expect((await call('wrong', 'v1')).status).toBe(401)
  expect((await call(secret, 'v2', 'cart')).status).toBe(202)
  expect((await call(secret, 'v2', 'search')).status).toBe(202)
  await page.reload()
  const decisions = page.getByRole('region', { name: 'Decisions of releases' })
  await decisions.getByRole('row', { name: /application cart at revision v2.*Triggered/ }).waitFor()
  await decisions.getByRole('row', { name: /app is search, not like cart\*.*No run/ }).waitFor()
  await page.getByText(/refused .*:/).waitFor()
  await keepsPromises(seen, 'decisions of a hook')
  await decisions.getByRole('link', { name: 'Close' }).click()
  await decisions.waitFor({ state: 'detached' })
})

test('it is paused and resumed, gets another secret, and is removed after asking', async () => {
  const { page } = seen
  const dialog = page.getByRole('dialog')
  const choose = async (item: string) => {
    await page.getByRole('button', { name: 'Actions for releases' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await page.getByRole('button', { name: 'Pause releases' }).click()
  await page.getByRole('row', { name: /releases.*Paused/ }).waitFor()
  await page.getByRole('button', { name: 'Resume releases' }).click()
  await page.getByRole('row', { name: /releases.*Active/ }).waitFor()
  await choose('Set up the sender')
  await dialog.getByText('If it is lost, make a new one').waitFor()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await choose('New secret')
  await dialog.getByRole('button', { name: 'Make the secret' }).click()
  expect(await dialog.getByRole('region', { name: 'hook secret' }).innerText()).not.toBe(secret)
  expect((await call(secret, 'v3')).status).toBe(401)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await choose('Remove')
  await dialog.getByText('a new hook has another address').waitFor()
  await dialog.getByRole('button', { name: 'Remove releases' }).click()
  await page.getByRole('heading', { name: 'No hook yet' }).waitFor()
})

test('the browser complained of nothing', () => {
  expect(seen.complaints).toEqual([])
})

async function call(token: string, revision: string, app = 'cart'): Promise<Response> {
  const { items } = await server.api.get<{ items: { url: string }[] }>('/projects/shop/hooks')
  return fetch(new URL(new URL(items[0]?.url ?? '').pathname, server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ app, revision, health: 'Healthy' })
  })
}
