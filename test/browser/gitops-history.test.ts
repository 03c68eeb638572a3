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
