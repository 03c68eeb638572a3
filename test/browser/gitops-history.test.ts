import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { cloneOf, connectProject, startTestServer, type TestServer } from '../harness/server.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

/** Settings → GitOps: what became of each file, and what each pass did; each test has a project of its own. */

vi.setConfig({ testTimeout: 60_000 })

let server: TestServer
let browser: Browser
let seen: WatchedPage

beforeAll(async () => {
  server = await startTestServer()
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
  const { page } = seen
  await seen.expecting(/401.*\/session/, async () => {
    await page.goto('/')
    await page.getByLabel('Login').fill('admin')
  })
  await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Name your first project' }).waitFor()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** As the repository of a Gitea, whose pages are known. */
async function onGitea(project: string): Promise<string> {
  const url = await connectProject(server, project, { pollSeconds: 3600 })
  await server.api.put(`/projects/${project}/gitops`, {
    url: server.git.url(project),
    branch: 'main',
    provider: 'gitea'
  })
  return url
}

test('each file with its state and reason, its workflow, and the line of a problem at the git host', async () => {
  const { page } = seen
  const person = await cloneOf(server, await onGitea('files'))
  await person.push('litmus/files/cart.yaml', shopWorkflow('cart'), 'Add cart')
  const bad = await person.push('litmus/files/team/pay.yaml', 'kind: [\n', 'Break it')
  await server.api.post('/projects/files/gitops/sync')
  await page.goto('/p/files/settings/gitops')
  const card = page.getByRole('region', { name: 'Files', exact: true })
  await card
    .getByRole('row', { name: /cart\.yaml/ })
    .getByText('In git')
    .waitFor()
  await card
    .getByRole('row', { name: /README/ })
    .getByText('Faultline leaves it alone')
    .waitFor()
  const line = card.getByRole('row', { name: /pay\.yaml/ }).getByRole('link', { name: /^2:1/ })
  expect(await line.getAttribute('href')).toBe(
    `${server.git.url('files').replace(/\.git$/, '')}/src/commit/${bad}/litmus/files/team/pay.yaml#L2`
  )
  await keepsPromises(seen, 'GitOps on, files')
  await card.getByRole('textbox', { name: 'Search files' }).fill('team/')
  await card.getByRole('row', { name: /cart\.yaml/ }).waitFor({ state: 'detached' })
  await card.getByRole('textbox', { name: 'Search files' }).fill('')
  await card.getByRole('link', { name: 'cart', exact: true }).click()
  const head = page.getByRole('link', { name: /litmus\/files\/cart\.yaml/ })
  expect(await head.getAttribute('href')).toMatch(/\/src\/commit\/[\da-f]{40}\/litmus\/files\/cart\.yaml$/)
})

test('what each pass did: one line, its files, the difference of their texts; by outcome, in the URL', async () => {
  const { page } = seen
  const person = await cloneOf(server, await onGitea('passes'))
  const sync = () => server.api.post('/projects/passes/gitops/sync')
  const path = 'litmus/passes/cart.yaml'
  const first = await person.push(path, shopWorkflow('cart'), 'Add cart')
  await sync()
  const second = await person.push(path, shopWorkflow('cart').replace('"3000"', '"2500"'), 'Less latency')
  await sync()
  await person.push('notes.md', 'Notes\n', 'Note')
  await sync()
  await page.goto('/p/passes/settings/gitops')
  const card = page.getByRole('region', { name: 'History of passes' })
  const line = card
    .getByRole('listitem')
    .filter({ has: page.getByText(second.slice(0, 7)) })
    .first()
  await card.getByText('nothing in the folder changed').first().waitFor()
  const outcomes = card.getByRole('radiogroup', { name: 'Outcome of the passes' })
  await outcomes.getByText('Changed', { exact: true }).click()
  await expect.poll(() => new URL(page.url()).search).toBe('?passes=changed')
  await card.getByText('nothing in the folder changed').waitFor({ state: 'detached' })
  await line.getByRole('button', { name: '1 changed' }).click()
  expect(await line.getByRole('link', { name: new RegExp(first.slice(0, 7)) }).getAttribute('href')).toMatch(
    /\/commit\//
  )
  await line.getByRole('button', { name: `Show difference of ${path}` }).click()
  await line.getByText('"2500"').waitFor()
  await line.getByText('"3000"').waitFor()
  await keepsPromises(seen, 'GitOps on, a pass with its difference')
  await page.reload()
  expect(await outcomes.getByRole('radio', { name: 'Changed' }).isChecked()).toBe(true)
  await outcomes.getByText('Failed', { exact: true }).click()
  await card.getByText('No pass has failed.').waitFor()
})

test('renaming says what will happen; the page goes to the new name, and the old link still leads there', async () => {
  const { page } = seen
  const person = await cloneOf(server, await onGitea('names'))
  await person.push('litmus/names/cart.yaml', shopWorkflow('cart'), 'Add cart')
  await person.push('litmus/names/pay.yaml', shopWorkflow('pay'), 'Add pay')
  await server.api.post('/projects/names/gitops/sync')
  await page.goto('/p/names/workflows/cart')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Rename workflow' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rename cart' })
  await dialog.getByLabel('New name').fill('Cart!')
  await dialog.getByText('This cannot be the name of a workflow.').waitFor()
  await dialog.getByLabel('New name').fill('pay')
  await seen.expecting(/409.*rename/, async () => {
    await dialog.getByRole('button', { name: 'Rename', exact: true }).click()
    await dialog.getByText('There is a workflow pay already').waitFor()
  })
  await dialog.getByLabel('New name').fill('basket')
  await dialog.getByText('litmus/names/basket.yaml').waitFor()
  await keepsPromises(seen, 'rename dialog')
  await dialog.getByRole('button', { name: 'Rename', exact: true }).click()
  await page.getByRole('heading', { name: 'basket', exact: true }).waitFor()
  await expect.poll(() => new URL(page.url()).pathname).toBe('/p/names/workflows/basket')
  await page.goto('/p/names/workflows/cart')
  await page.getByRole('heading', { name: 'basket', exact: true }).waitFor()
})
