import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchBrowser } from '../harness/browser.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { openPage, type WatchedPage } from './watched-page.ts'

vi.setConfig({ testTimeout: 40_000 })

let server: TestServer
let browser: Browser
let seen: WatchedPage

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
  const { page } = seen
  await seen.expecting(/401.*\/session/, async () => {
    await page.goto('/login?next=/p/shop/workflows/new')
    await page.getByLabel('Login').fill('admin')
  })
  await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Valid', { exact: true }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test('the editor completes tunables of the fault around, with unit and default', async () => {
  const { page } = seen
  const text = page.locator('.cm-content').first()
  await text.locator('.cm-line', { hasText: 'TOTAL_CHAOS_DURATION' }).click()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowUp')
  const indent = /^ */.exec(await text.locator('.cm-line', { hasText: 'TOTAL_CHAOS_DURATION' }).innerText())?.[0] ?? ''
  await page.keyboard.press('Home')
  await page.keyboard.insertText(`${indent}- name: `)
  await page.keyboard.type('RA')
  const offered = page.getByRole('option', { name: /^RAMP_TIME/ })
  await offered.waitFor()
  expect(await offered.innerText()).toContain('default')
  await expect.poll(() => offered.getAttribute('aria-selected')).toBe('true')
  await offered.click()
  await expect.poll(() => text.innerText()).toContain('- name: RAMP_TIME')
  expect(seen.complaints).toEqual([])
})
