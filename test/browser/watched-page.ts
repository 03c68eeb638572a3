import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }
/** More stops than this are not walked: lists go on alike. */
const MAX_STOPS = 45

/** A browser's page as one person uses it; what it complains of is kept. */
export interface WatchedPage {
  page: Page
  context: BrowserContext
  /** console errors, uncaught errors, and breaches of the content security policy */
  complaints: string[]
  /** complaints that fit are meant while `during` goes on */
  expecting(pattern: RegExp, during: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

export async function openPage(browser: Browser, baseURL: string): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL, viewport: WIDE, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const complaints: string[] = []
  const meant: RegExp[] = []
  const complain = (text: string) => {
    if (!meant.some((pattern) => pattern.test(text))) complaints.push(text)
  }
  page.on('console', (message) => {
    const { url } = message.location()
    if (message.type() === 'error' || /content security policy/i.test(message.text()))
      complain(`${message.text()} (${url})`)
  })
  page.on('pageerror', (error) => complain(error.message))
  return {
    page,
    context,
    complaints,
    expecting: async (pattern, during) => {
      meant.push(pattern)
      await during()
      meant.splice(meant.indexOf(pattern), 1)
    },
    close: () => context.close()
  }
}

/** What every page promises: axe finds nothing in both schemes, it is walked by keyboard, and a narrow one never scrolls sideways. */
export async function keepsPromises({ page }: WatchedPage, name: string): Promise<void> {
  await isAxeClean(page, name)
  await walkByKeyboard(page, name)
  await page.setViewportSize(NARROW)
  await expect.poll(() => page.evaluate('document.documentElement.clientWidth')).toBe(NARROW.width)
  expect(await page.evaluate(SIDEWAYS), `${name} at 390 px scrolls sideways`).toEqual([])
  expect(await axeFindings(page), `${name}, narrow`).toEqual([])
  await page.setViewportSize(WIDE)
}

/** axe finds nothing in both schemes, of which the dark one changes colours alone. */
export async function isAxeClean(page: Page, name: string): Promise<void> {
  expect(await axeFindings(page), `${name}, light`).toEqual([])
  await showScheme(page, 'dark')
  expect(await axeFindings(page, ['color-contrast']), `${name}, dark`).toEqual([])
  await showScheme(page, 'light')
}

async function showScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await expect.poll(() => page.evaluate('document.documentElement.dataset.mantineColorScheme')).toBe(colorScheme)
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

/** What is wider than the window and in no box that scrolls by itself. */
const SIDEWAYS = `(() => {
  const wide = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= wide) return []
  return [...document.querySelectorAll('main *')]
    .filter((element) => element.getBoundingClientRect().right > wide + 1)
    .slice(0, 5)
    .map((element) => element.tagName + '.' + element.className)
})()`

async function axeFindings(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(`if (typeof axe === 'undefined') { ${axe.source} }`)
  const options = rules === undefined ? '{}' : JSON.stringify({ runOnly: { type: 'rule', values: rules } })
  const found = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
  }>(`axe.run(document, Object.assign({ resultTypes: ['violations'] }, ${options}))`)
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`)
  )
}

/** Tab leads from the top through everything: each stop can be seen and has a name, and nothing holds the focus. */
async function walkByKeyboard(page: Page, name: string): Promise<void> {
  await page.evaluate(TO_TOP)
  const stops: string[] = []
  for (let count = 0; count < MAX_STOPS; count++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate<{ name: string; key: string; visible: boolean } | null>(STOP)
    if (stop === null) break
    expect(stop, `${name}, stop ${count + 1}`).toMatchObject({ visible: true })
    expect(stop.name, `${name}: stop ${count + 1} has a name (${stop.key})`).not.toBe('')
    expect(stop.key, `${name}: Tab goes on from ${stop.name}`).not.toBe(stops.at(-1))
    // a dialog leads round
    if (stops.includes(stop.key)) break
    stops.push(stop.key)
  }
  expect(stops.length, `${name} has something to walk through`).toBeGreaterThan(0)
  await page.evaluate(TO_TOP)
}

/** As if nothing had been touched yet; in a dialog the focus is inside already. */
const TO_TOP = `(() => {
  if (document.querySelector('[role=dialog]') !== null) return
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute('tabindex')
  window.scrollTo(0, 0)
})()`

const STOP = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  window.stops ??= new Map()
  if (!window.stops.has(element)) window.stops.set(element, String(window.stops.size))
  // a radio button may be shown by its label alone
  const own = element.getBoundingClientRect()
  const box = own.width > 0 ? own : (element.labels?.[0] ?? element).getBoundingClientRect()
  const label = element.labels?.[0]?.textContent ?? ''
  return {
    name: (element.getAttribute('aria-label') || label || element.textContent || element.title || '').trim().slice(0, 60),
    key: window.stops.get(element) + ' ' + element.tagName,
    visible: box.width > 0 && box.height > 0
  }
})()`
