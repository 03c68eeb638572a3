import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../src/demo/patience.ts'
import type { Clone } from '../../src/demo/repository.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { cloneOf, connectProject, startTestServer, type TestServer } from '../harness/server.ts'
import { openPage, type WatchedPage } from './watched-page.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: TestServer
let browser: Browser
let seen: WatchedPage
/** of the project that has everything, the older one first */
const runs: string[] = []

beforeAll(async () => {
  server = await startTestServer()
  await fullProject()
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

/** A page, and a text that stands there once all of it is; in `full` there is something everywhere. */
const PAGES: readonly (readonly [path: string | (() => string), text: string])[] = [
  ['/p/shop', 'See the first run'],
  ['/p/shop/workflows', 'litmus/shop/cart.yaml'],
  ['/p/shop/workflows/cart?tab=history', 'View'],
  ['/p/shop/runs', 'No run yet'],
  ['/p/shop/events', 'No change seen yet'],
  ['/p/shop/events?tab=policies', 'No event policy yet'],
  ['/p/shop/events?tab=simulator', 'Nothing is started here'],
  ['/p/shop/settings/gitops', 'Where do workflows live?'],
  ['/p/shop/settings/guardrails', 'Save'],
  ['/p/shop/settings/hooks', 'No hook yet'],
  ['/p/shop/settings/members', 'Who is in this project'],
  ['/p/shop/settings/tokens', 'No token yet'],
  ['/p/shop/settings/users', 'Users of this server'],
  ['/p/full/workflows/cart', 'Valid'],
  ['/p/full/workflows/reviews/conflict', 'The result'],
  [() => `/p/full/runs/${runs[1]}`, 'The same as a table'],
  [() => `/p/full/runs/compare?a=${runs[0]}&b=${runs[1]}`, 'Both ran revision'],
  ['/p/full/infrastructures', 'laptop'],
  ['/p/full/events', 'deployment/storefront'],
  ['/p/full/events?tab=workloads', 'Not opted in'],
  ['/p/full/events?tab=policies', 'No event policy yet'],
  ['/p/full/events?tab=simulator', 'Nothing is started here'],
  ['/p/full/settings/gitops', 'litmus/full/cart.yaml'],
  ['/p/full/settings/hooks', 'an hour'],
  ['/p/full/settings/audit', 'guardrails.save']
]

test.each(PAGES)('%s: Tab reaches everything that can be used, in order, and shows where it is', async (path, text) => {
  const { page } = seen
  await page.goto(typeof path === 'string' ? path : path())
  await page.getByText(text).filter({ visible: true }).first().waitFor()
  await expect.poll(() => page.locator('.mantine-Skeleton-root').count()).toBe(0)
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
  ['/p/shop/settings/hooks', 'New hook', 'Enter'],
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

/** A project with git and a conflict, two runs, a change, a hook, and lines in its audit. */
async function fullProject(): Promise<void> {
  // git is looked at when it is asked for, so that a push and an edit can meet
  const clone = await cloneOf(server, await connectProject(server, 'full', { pollSeconds: 3600 }))
  const agent = await PostedAgent.register(server, 'full', 'laptop')
  await server.api.put('/projects/full/guardrails', { allowedNamespaces: ['*'], maxTargets: 3, maxDurationSeconds: 60 })
  const hook = { name: 'releases', kind: 'argo-cd', workflow: 'cart', only: { app: 'cart*' } }
  for (const name of ['cart', 'reviews']) {
    await server.api.createWorkflow('full', shopWorkflow(name), `Add ${name}`)
    await until(name, 10, async () => (await server.api.workflow('full', name)).sync === 'in-git')
  }
  await server.api.post('/projects/full/hooks', hook)
  await conflict(clone)
  for (const probeSuccess of [100, 0]) {
    await server.api.startRun('full', 'cart')
    const task = await agent.run()
    await agent.completes(task, [probeSuccess])
    await until('its end', 10, async () => (await server.api.run('full', task.run)).phase === 'completed')
    runs.push(task.run)
  }
  const storefront = { uid: 'u1', kind: 'Deployment', namespace: 'shop', name: 'storefront' }
  for (const number of [1, 2]) {
    const aspects = { image: { web: `shop/storefront:v${number}` } }
    await agent.observe({ ...storefront, number, aspects, rollout: 'healthy', at: new Date().toISOString() })
  }
  await until('the decision', 10, async () => (await server.api.changes('full')).items[0]?.state === 'decided')
}

async function conflict(clone: Clone): Promise<void> {
  const { text, etag } = await server.api.workflow('full', 'reviews')
  await clone.git('pull', '--quiet', '--rebase', 'origin', 'main')
  const latency = /value: "3\d00"/
  await clone.push('litmus/full/reviews.yaml', text.replace(latency, 'value: "3900"'), 'Make it longer')
  const edit = { text: text.replace(latency, 'value: "2500"'), etag, message: 'Make it shorter', wait: false }
  await server.api.saveWorkflow('full', 'reviews', edit)
  await until('the conflict', 10, async () => (await server.api.workflow('full', 'reviews')).sync === 'conflict')
}

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
  window.look = (element) => [element, element.parentElement, element.nextElementSibling, element.labels?.[0], element.closest('.cm-editor')]
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
