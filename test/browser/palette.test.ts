import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../src/demo/patience.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { newPerson, PASSWORD } from '../harness/people.ts'
import { PostedAgent } from '../harness/posted-agent.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

vi.setConfig({ testTimeout: 40_000 })

let server: TestServer
let browser: Browser
let seen: WatchedPage
let run: string

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  await server.api.post('/projects', { id: 'bank', name: 'Bank' })
  const agent = await PostedAgent.register(server, 'shop', 'laptop')
  for (const name of ['cart', 'checkout']) await server.api.createWorkflow('shop', shopWorkflow(name), `Add ${name}`)
  await until('the workflow', 10, async () => (await server.api.workflow('shop', 'cart')).definition !== null)
  await server.api.startRun('shop', 'cart')
  run = (await agent.run()).run
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
  await signIn(seen, 'admin', server.password)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Opens it by its key and types once it listens. */
async function type(typed: string): Promise<void> {
  const { page } = seen
  await page.keyboard.press('Control+K')
  const field = page.getByRole('combobox', { name: 'Search and commands' })
  await field.waitFor()
  await expect.poll(() => field.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
  await page.keyboard.type(typed)
}

/** What is typed finds the expected one first. */
async function ask(typed: string, first: string): Promise<void> {
  const { page } = seen
  await type(typed)
  await page.getByRole('option', { name: first, selected: true }).waitFor()
}

test('pages, workflows and runs are reached by keyboard alone', async () => {
  const { page } = seen
  await ask('guard', 'Guardrails')
  await page.keyboard.press('Enter')
  await page.waitForURL('/p/shop/settings/guardrails')
  await ask('chec', 'checkout litmus/shop/checkout.yaml')
  await page.keyboard.press('Enter')
  await page.waitForURL('/p/shop/workflows/checkout')
  await ask(run, 'cart, ')
  await page.keyboard.press('Enter')
  await page.waitForURL(`/p/shop/runs/${run}`)
  await ask('bank', 'Bank')
  await page.keyboard.press('Enter')
  await page.waitForURL('/p/bank')
})

test('arrows lead round, Escape leaves and gives the focus back', async () => {
  const { page } = seen
  await page.goto('/p/shop')
  await page.getByRole('button', { name: 'Search or do' }).focus()
  await page.keyboard.press('Enter')
  const selected = () => page.getByRole('option', { selected: true }).innerText()
  await page.getByRole('option', { name: 'New workflow', selected: true }).waitFor()
  await page.getByRole('option', { name: /^cart,/ }).waitFor()
  await page.getByRole('option', { name: 'laptop' }).waitFor()
  await page.keyboard.press('ArrowUp')
  const last = await selected()
  expect(last).not.toContain('New workflow')
  await page.keyboard.press('ArrowDown')
  expect(await selected()).toContain('New workflow')
  await keepsPromises(seen, 'palette')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toContain('Search or do')
})

test('it finds nothing in words', async () => {
  const { page } = seen
  await type('<b>zzz')
  await page.getByText('Nothing fits "<b>zzz".').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('actions: another theme, a new workflow, the kill switch, a run', async () => {
  const { page } = seen
  await ask('dark', 'Use dark colours')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate('document.documentElement.dataset.mantineColorScheme')).toBe('dark')
  await ask('light col', 'Use light colours')
  await page.keyboard.press('Enter')
  await ask('new work', 'New workflow')
  await page.keyboard.press('Enter')
  await page.waitForURL('/p/shop/workflows/new')
  await ask('kill', 'Kill switch: stop every run')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Stop every run of this project' })
  await dialog.getByLabel('Reason').waitFor()
  await dialog.getByRole('button', { name: 'Let them run' }).click()
  await dialog.waitFor({ state: 'detached' })
  await ask('run checkout', 'Run checkout')
  const asked = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/shop/runs'))
  await page.keyboard.press('Enter')
  expect((await asked).postDataJSON()).toMatchObject({ workflow: 'checkout' })
})

test('a viewer is offered nothing that would be refused', async () => {
  await newPerson(server, 'vera', { project: 'shop', role: 'viewer' })
  const vera = await openPage(browser, server.url.href)
  const { page } = vera
  await signIn(vera, 'vera', PASSWORD)
  await page.getByRole('button', { name: 'Search or do' }).click()
  await page.keyboard.type('cart')
  await page.getByRole('option', { name: 'cart litmus/shop/cart.yaml' }).waitFor()
  expect(await page.getByRole('option', { name: /^Run / }).count()).toBe(0)
  for (const typed of ['kill', 'new workflow', 'sync now', 'audit']) {
    await page.getByRole('combobox').fill(typed)
    await page.getByText(`Nothing fits "${typed}"`).waitFor()
  }
  expect(vera.complaints).toEqual([])
  await vera.close()
})

test('the browser complained of nothing', () => {
  expect(seen.complaints).toEqual([])
})

async function signIn(person: WatchedPage, login: string, password: string): Promise<void> {
  const { page } = person
  await person.expecting(/401.*\/session/, async () => {
    await page.goto('/login?next=/p/shop')
    await page.getByLabel('Login').fill(login)
  })
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
}
