import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchBrowser } from '../harness/browser.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

vi.setConfig({ testTimeout: 60_000 })

let server: TestServer
let browser: Browser
let seen: WatchedPage

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
  await seen.expecting(/401.*\/session/, () => signIn())
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function signIn(): Promise<void> {
  const { page } = seen
  await page.goto('/login')
  await page.getByLabel('Login').fill('admin')
  await page.getByLabel('Password', { exact: true }).fill(server.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
}

test('a schedule that is written in the portal is paused; one click activates it, another one pauses it', async () => {
  const { page } = seen
  await page.goto('/p/shop/workflows/new')
  await page.getByRole('button', { name: /by the clock/ }).click()
  await page.getByRole('textbox', { name: 'Schedule' }).fill('0 0 30 2 *')
  await page.getByText('never fires: there is no such day').first().waitFor()
  await page.getByRole('textbox', { name: 'Schedule' }).fill('30 9 * * 1-5')
  await page.getByLabel('Time zone').fill('Europe/Berlin')
  await page.getByText('Monday to Friday 09:30 Europe/Berlin').waitFor()
  await page.getByRole('button', { name: 'Save…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()

  await page.getByRole('button', { name: 'Activate' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await page.getByText(/Monday to Friday 09:30 Europe\/Berlin, next in/).waitFor()
  await page.getByRole('tab', { name: 'Triggers' }).click()
  await page.getByText('Activated by admin').waitFor()
  expect(await page.getByRole('region', { name: 'Schedule' }).getByRole('listitem').count()).toBe(5)
  await keepsPromises(seen, 'triggers')

  await page.getByRole('link', { name: 'Workflows' }).click()
  const row = page.getByRole('row', { name: /my-first-chaos/ })
  await row.getByText('CronWorkflow').waitFor()
  expect(await row.textContent()).toContain('Monday to Friday 09:30 Europe/BerlinActive')
  await keepsPromises(seen, 'workflows with a schedule')

  await page.goto('/p/shop/workflows/my-first-chaos')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Activate' }).waitFor()
  expect(seen.complaints).toEqual([])
})

test('the overview says what starts next', async () => {
  const { page } = seen
  await server.api.post('/projects/shop/workflows/my-first-chaos/schedule/activate')
  await server.api.post('/projects/shop/infrastructures', { name: 'laptop', kind: 'local' })
  await server.api.startRun('shop', 'my-first-chaos')
  await page.goto('/p/shop')
  const card = page.getByRole('region', { name: 'Next schedules' })
  await card.getByText('Monday to Friday 09:30 Europe/Berlin').waitFor()
  await keepsPromises(seen, 'overview with schedules')
  await card.getByRole('link', { name: 'my-first-chaos' }).click()
  await page.getByText('Next times').waitFor()
  expect(seen.complaints).toEqual([])
})
