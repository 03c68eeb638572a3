import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { openPage, type WatchedPage } from './watched-page.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: TestServer
let browser: Browser
let seen: WatchedPage

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  await server.api.createWorkflow('shop', shopWorkflow('cart'), 'Add it')
  await until('the workflow', 10, async () => (await server.api.workflow('shop', 'cart')).definition !== null)
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
  const { page } = seen
  await page.goto('/login')
  await page.getByLabel('Login').fill('admin')
  await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** A page, and a text that stands there once all of it is. */
const PAGES = [
  ['/p/shop', 'See the first run'],
  ['/p/shop/workflows', 'litmus/shop/cart.yaml'],
  ['/p/shop/workflows/cart?tab=history', 'View'],
  ['/p/shop/runs', 'No run yet'],
  ['/p/shop/events', 'No change seen yet'],
  ['/p/shop/settings/gitops', 'Where do workflows live?'],
  ['/p/shop/settings/guardrails', 'Save'],
  ['/p/shop/settings/members', 'Who is in this project'],
  ['/p/shop/settings/tokens', 'No token yet'],
  ['/p/shop/settings/users', 'Users of this server']
] as const

test.each(PAGES)('%s: Tab reaches everything that can be used, in order, and shows where it is', async (path, text) => {
  const { page } = seen
  await page.goto(path)
  await page.getByText(text).filter({ visible: true }).first().waitFor()
  await page.evaluate(MARK)
  const reached: number[] = []
  const unseen: string[] = []
  const all = await page.evaluate<number[]>('window.places.map((_, place) => place)')
  for (let stop = 0; stop <= all.length; stop++) {
    await page.keyboard.press('Tab')
    const { place, name, shown } = await page.evaluate<{ place: number; name: string; shown: boolean }>(STOP)
    if (place === -1 || reached.includes(place)) break
    reached.push(place)
    if (!shown) unseen.push(name)
  }
  expect(reached).toEqual(all)
  expect(unseen).toEqual([])
})

/** Where a dialog is opened, by which button and key. */
const DIALOGS = [
  ['/p/shop', 'Kill switch', 'Enter'],
  ['/p/shop', /^Search or do/, 'Space'],
  ['/p/shop/settings/members', 'Invite', 'Space'],
  ['/p/shop/settings/members', 'Add member', 'Enter'],
  ['/p/shop/settings/tokens', 'New token', 'Enter'],
  ['/p/shop/workflows/cart?tab=history', 'View revision 1', 'Enter']
] as const

test.each(DIALOGS)('%s: the dialog of "%s" holds the focus and gives it back', async (path, name, key) => {
  const { page } = seen
  await page.goto(path)
  const opener = page.getByRole('button', { name }).first()
  await opener.focus()
  await page.keyboard.press(key)
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  const inside = () => page.evaluate<boolean>("document.activeElement.closest('[role=dialog]') !== null")
  await expect.poll(inside).toBe(true)
  for (let stop = 0; stop < 12; stop++) {
    await page.keyboard.press('Tab')
    expect(await inside(), `after ${stop + 1} times Tab`).toBe(true)
  }
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => opener.evaluate((button) => button.matches(':focus'))).toBe(true)
})

test('the browser complained of nothing', () => {
  expect(seen.complaints).toEqual([])
})

/** Everything that the Tab key must reach, in the order of the page; of radio buttons the one that is chosen. */
const MARK = `(() => {
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute('tabindex')
  const usable = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]'
  window.places = [...document.querySelectorAll(usable)].filter((element) => {
    if (element.disabled || element.tabIndex < 0 || element.closest('[inert], [aria-hidden=true]') !== null) return false
    if (!element.checkVisibility({ visibilityProperty: true })) return false
    return element.type !== 'radio' || element.checked || document.querySelector('input[name="' + element.name + '"]:checked') === null
  })
  window.look = (element) => [element, element.parentElement, element.nextElementSibling, element.labels?.[0]]
    .filter(Boolean)
    .map((part) => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(part)
      return [outlineStyle === 'none' ? 0 : outlineWidth, boxShadow, borderColor].join()
    })
    .join(' | ')
  window.plain = window.places.map(window.look)
})()`

/** Where the focus is, and whether it looks otherwise than without it. */
const STOP = `(async () => {
  const moving = document.getAnimations().filter((animation) => animation instanceof CSSTransition)
  await Promise.allSettled(moving.map((animation) => animation.finished))
  const element = document.activeElement
  const place = window.places.indexOf(element)
  const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
  return { place, name: element.tagName + ' ' + name.slice(0, 40), shown: place === -1 || window.look(element) !== window.plain[place] }
})()`
