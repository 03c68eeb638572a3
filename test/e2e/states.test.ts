import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../src/demo/patience.ts'
import { SHOP_WORKFLOW } from '../../src/demo/shop/manifest.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { PROJECT } from '../../src/demo/stage.ts'
import { BLANK_PICTURES } from '../../tools/screenshots/pages.ts'
import { CONFLICTED, NEW_PROJECT } from '../../tools/screenshots/play.ts'
import { isAxeClean, openPage, type WatchedPage } from '../browser/watched-page.ts'
import { launchBrowser } from '../harness/browser.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

/** Every page while it has nothing to show; ready ones are looked at where their story is told. */

vi.setConfig({ testTimeout: 60_000 })

let server: TestServer
let browser: Browser
let seen: WatchedPage

beforeAll(async () => {
  server = await startTestServer()
  for (const id of [PROJECT, NEW_PROJECT]) await server.api.post('/projects', { id, name: id })
  for (const name of [SHOP_WORKFLOW, CONFLICTED]) {
    await server.api.createWorkflow(PROJECT, shopWorkflow(name), 'Add it')
    await until(name, 10, async () => (await server.api.workflow(PROJECT, name)).definition !== null)
  }
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
  const { page } = seen
  await page.goto('/login')
  await page.getByLabel('Login').fill('admin')
  await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test.each(BLANK_PICTURES)('$name: axe finds nothing, light and dark', async ({ name, open }) => {
  const { page } = seen
  await seen.expecting(/429/, async () => {
    await open(page)
    await isAxeClean(page, name)
  })
  // what is held back ends with its page, else it would be asked of the server
  await page.goto('about:blank')
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('the browser complained of nothing', () => {
  expect(seen.complaints).toEqual([])
})
