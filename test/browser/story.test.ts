import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Clone } from '../../src/demo/repository.ts'
import { SHOP_WORKFLOW } from '../../src/demo/shop/manifest.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { cloneOf, inGit, startTestServer, type TestServer } from '../harness/server.ts'
import { type Shop, startAgent } from './shop.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

/** One person walks the whole story through the portal; each test goes on where the one before it ended. */

/** A page is looked at and walked several times in one test; a busy machine may take its time. */
vi.setConfig({ testTimeout: 60_000 })

const PASSWORD = 'a sentence that is easy to keep'
const PATH = `litmus/shop/${SHOP_WORKFLOW}.yaml`
/** The shop's workflow with the shortest faults that still show what they are to show. */
const TEXT = shopWorkflow()
  .replace('value: "4"', 'value: "1"')
  .replace('value: "4"', 'value: "1"')
  .replace('value: "5"', 'value: "3"')

let server: TestServer
let browser: Browser
let seen: WatchedPage
let clone: Clone
let shop: Shop
/** while this file is there, the git host takes no push */
let gate = ''

beforeAll(async () => {
  server = await startTestServer({ demo: false })
  gate = join(server.folder, 'gate')
  const preReceive = `#!/bin/sh\nwhile [ -e '${gate}' ]; do sleep 0.05; done\n`
  await server.git.createRepository('shop', { branch: 'main', preReceive })
  clone = await cloneOf(server, server.git.url('shop').replace('http://', `http://test:${server.gitToken}@`))
  await clone.push(PATH, TEXT, 'Test the storefront')
  browser = await launchBrowser()
  seen = await openPage(browser, server.url.href)
})

afterAll(async () => {
  if (gate !== '') await rm(gate, { force: true })
  await browser?.close()
  await shop?.close()
  await server?.close()
})

test('the first sign-in changes the password, and names a project', async () => {
  const { page } = seen
  await seen.expecting(/401.*\/session/, async () => {
    await page.goto('/')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
  await keepsPromises(seen, 'login')
  await signIn(server.password)
  await page.getByRole('heading', { name: 'Choose your own password' }).waitFor()
  await keepsPromises(seen, 'first password')
  await page.getByLabel('Current password').fill(server.password)
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('New password, again').fill(PASSWORD)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByRole('heading', { name: 'Name your first project' }).waitFor()
  await page.getByLabel('Name').fill('Web shop')
  await page.getByLabel('Id').fill('shop')
  await page.getByRole('button', { name: 'Create project' }).click()
  await page.getByRole('heading', { name: 'From here to the first run' }).waitFor()
  await keepsPromises(seen, 'overview of a new project')
  await server.api.login('admin', PASSWORD)
})

test('an infrastructure is added, and its agent comes', async () => {
  const { page } = seen
  await page.getByRole('link', { name: 'Add infrastructure' }).click()
  await page.getByRole('button', { name: 'Add infrastructure' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('laptop')
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('Waiting for the agent').waitFor()
  const command = await page.getByRole('region', { name: "the agent's command" }).innerText()
  const agent = await startAgent(server, /FAULTLINE_AGENT_TOKEN=(\S+)/.exec(command)?.[1] ?? '')
  shop = agent
  await page.getByLabel('Connect laptop').getByText('Connected').waitFor()
  await keepsPromises(seen, 'infrastructures')
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Guardrails' }).click()
  await page.getByLabel('Namespaces').fill('shop')
  await page.getByRole('button', { name: 'Save guardrails' }).click()
  await page.getByText('The guardrails are in force').waitFor()
  await keepsPromises(seen, 'guardrails')
  await agent.open()
})

test('GitOps is connected through the form', async () => {
  const { page } = seen
  await page.getByRole('link', { name: 'GitOps' }).click()
  await page.getByText('In a git repository').click()
  await page.getByLabel('Repository address').fill(server.git.url('shop'))
  await page.getByLabel('Branch').fill('main')
  await page.getByLabel('User name').fill('test')
  await page.getByRole('textbox', { name: 'Access token' }).fill(server.gitToken)
  await page.getByLabel('Look at git every').fill('1')
  expect(await page.getByLabel('Folder in the repository').inputValue()).toBe('litmus/shop')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('Write access').waitFor()
  await page.getByRole('button', { name: 'Save and preview' }).click()
  await page.getByText('comes from git').waitFor()
  expect(await page.getByRole('button', { name: 'Enable GitOps' }).isDisabled()).toBe(true)
  await page.getByRole('radio', { name: 'By trailer only' }).check()
  await page.getByText('Chaos-Run: <workflow-name>').waitFor()
  await keepsPromises(seen, 'GitOps, off')
  await page.getByRole('button', { name: 'Enable GitOps' }).click()
  await page.getByText('History of passes').waitFor()
  await page.getByText('Ready', { exact: true }).waitFor()
  await keepsPromises(seen, 'GitOps, on')
})

test('a push appears in the list by itself', async () => {
  const { page } = seen
  await page.getByRole('link', { name: 'Workflows' }).first().click()
  await page.getByRole('link', { name: SHOP_WORKFLOW, exact: true }).waitFor()
  await page.evaluate('window.sameDocument = true')
  await clone.push('litmus/shop/catalog-capacity.yaml', shopWorkflow('catalog-capacity'), 'Add a test of the capacity')
  await page.getByRole('link', { name: 'catalog-capacity', exact: true }).waitFor()
  await clone.push('litmus/shop/broken.yaml', 'kind: Workflow\nspec: [', 'Begin something')
  await page.getByText('Invalid in git').waitFor()
  expect(await page.evaluate('window.sameDocument')).toBe(true)
  await keepsPromises(seen, 'workflows')
})

test('an edit becomes a commit, and says in git only when it is', async () => {
  const { page } = seen
  await page.getByRole('link', { name: SHOP_WORKFLOW, exact: true }).click()
  await page.getByText('Valid', { exact: true }).waitFor()
  await keepsPromises(seen, 'workflow')
  await writeFile(gate, '')
  await write('# Customers leave after a second.')
  await page.getByRole('button', { name: 'Commit to main…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('.cm-changedLine').first().waitFor()
  await keepsPromises(seen, 'commit dialog')
  await dialog.getByLabel('Message').fill('Say why')
  await dialog.getByRole('button', { name: 'Commit to main' }).click()
  await page.locator('header').getByText('Waiting for git').hover()
  await page.getByRole('tooltip').waitFor()
  await page.mouse.move(0, 0)
  await page.getByRole('tooltip').waitFor({ state: 'detached' })
  await keepsPromises(seen, 'an edit on its way')
  await rm(gate)
  await page.locator('header').getByText('In git').waitFor()
  await clone.git('pull', '--quiet', '--rebase', 'origin', 'main')
  expect(await clone.read(PATH)).toContain('# Customers leave after a second.')
  expect(await clone.log('%an: %s')).toContain('Admin: Say why')
  await page
    .locator('header')
    .getByText((await clone.head()).slice(0, 7))
    .waitFor()
})

test('typed text outlives a newer one from git: it is compared, and goes on from there', async () => {
  const { page } = seen
  await write('# Mine.')
  const text = `${await clone.read(PATH)}# Theirs.\n`
  await clone.push(PATH, text, 'Write at the end')
  await page.getByText('A newer text came in').waitFor()
  await page.getByRole('button', { name: 'Compare' }).click()
  const dialog = page.getByRole('dialog')
  await expect.poll(() => dialog.getByRole('button', { name: 'Take the newer', exact: true }).count()).toBe(2)
  await keepsPromises(seen, 'comparing')
  await dialog.getByRole('button', { name: 'Take the newer', exact: true }).last().click()
  await dialog.getByRole('button', { name: 'Go on with this' }).click()
  await page.getByRole('button', { name: 'Commit to main…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Commit to main' }).click()
  const both = text.replace('# Customers', '# Mine.\n# Customers')
  await inGit(server, 'shop', SHOP_WORKFLOW, both)
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByRole('button', { name: 'View revision 1' }).waitFor()
  await keepsPromises(seen, 'history')
})

test('a release starts a run that says what broke, and when', async () => {
  const { page } = seen
  await page.getByRole('link', { name: 'Runs' }).first().click()
  await page.getByRole('heading', { name: 'No run yet' }).waitFor()
  await keepsPromises(seen, 'runs, none yet')
  await shop.release('v2')
  await page.getByRole('row').getByRole('link', { name: SHOP_WORKFLOW }).click()
  await page
    .getByText('ran because the image of deployment/storefront changed from shop/storefront:v1 to shop/storefront:v2.')
    .waitFor()
  const chain = page.getByRole('list', { name: 'What happened' })
  await chain.getByText('Probe failed').waitFor()
  await chain.getByText('page-within-one-second').waitFor()
  await chain.getByText('Clean').waitFor()
  expect(
    Number(
      await chain
        .locator('[data-tone] >> text=/^score/')
        .innerText()
        .then((told) => told.replace(/\D/g, ''))
    )
  ).toBeLessThan(100)
  await keepsPromises(seen, 'run')
})

test('a run that goes on is stopped, and recovers', async () => {
  const { page } = seen
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByRole('log').getByText('effect proved').first().waitFor()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Seen enough')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop the run' }).click()
  await page.locator('header').getByText('Stopped', { exact: true }).waitFor()
  await page.getByText('Stopped by admin: Seen enough').waitFor()
  await page.getByRole('list', { name: 'What happened' }).getByText('Clean').waitFor()
  await page.getByRole('link', { name: 'Overview' }).first().click()
  await page.getByText('Needs you').waitFor()
  await keepsPromises(seen, 'overview')
})

test('a workflow that asks for a parameter gets it with the run', async () => {
  const { page } = seen
  const asking = TEXT.replace(SHOP_WORKFLOW, 'asking')
    .replace('  entrypoint: chaos\n', '  entrypoint: chaos\n  arguments:\n    parameters:\n      - name: app\n')
    .replaceAll('applabel: app=catalog', 'applabel: app={{workflow.parameters.app}}')
  await server.api.createWorkflow('shop', asking, 'Add one that asks')
  await inGit(server, 'shop', 'asking', asking)
  await page.goto('/p/shop/workflows/asking')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('dialog').getByLabel('app').fill('catalog')
  await keepsPromises(seen, 'run dialog')
  await page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('list', { name: 'What happened' }).waitFor()
  const [run] = (await server.api.runs('shop')).items
  expect(JSON.stringify(await server.api.run('shop', run?.id ?? ''))).toContain('"app":"catalog"')
})

test('the kill switch stops what runs, says why on every page, and is released', async () => {
  const { page } = seen
  await server.api.startRun('shop', SHOP_WORKFLOW)
  await page.getByRole('button', { name: 'Kill switch' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('The pager rings')
  await keepsPromises(seen, 'kill switch dialog')
  await page.getByRole('button', { name: 'Stop everything' }).click()
  await page.getByText('The kill switch is on:').waitFor()
  await page.getByText('The pager rings (admin').waitFor()
  await page.getByRole('link', { name: 'Runs' }).first().click()
  await page.getByText('Stopped', { exact: true }).first().waitFor()
  await keepsPromises(seen, 'kill switch on')
  await page.getByRole('button', { name: 'Release' }).click()
  await page.getByRole('button', { name: 'Kill switch' }).waitFor()
})

test('an admin stops every project of the server at once, and releases it', async () => {
  const { page } = seen
  await page.getByRole('button', { name: 'Kill switch' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: 'In every project of this server' }).check()
  await dialog.getByText('until an admin releases the switch').waitFor()
  await dialog.getByLabel('Reason').fill('the data centre is on fire')
  await dialog.getByRole('button', { name: 'Stop everything' }).click()
  await page.getByText('The kill switch of this server is on:').waitFor()
  await keepsPromises(seen, 'kill switch of the server')
  await page.getByRole('button', { name: 'Release' }).click()
  await page.getByText('The kill switch of this server is on:').waitFor({ state: 'detached' })
})

test('a lost connection is said, and nothing is missed', async () => {
  const { page, context } = seen
  const lost = page.getByText('The connection to the server is lost')
  await seen.expecting(/ERR_FAILED|412/, async () => {
    await context.route('**/api/v1/stream*', (route) => route.abort())
    await page.goto('/p/shop/workflows')
    await page.getByRole('link', { name: 'catalog-capacity', exact: true }).waitFor()
    await lost.waitFor()
    await keepsPromises(seen, 'lost connection')
    await savesOverNewer()
    await page.getByRole('link', { name: 'Workflows' }).first().click()
    await clone.git('pull', '--quiet', '--rebase', 'origin', 'main')
    await clone.push('litmus/shop/while-away.yaml', shopWorkflow('while-away'), 'Meanwhile')
    await inGit(server, 'shop', 'while-away', shopWorkflow('while-away'))
    expect(await page.getByRole('link', { name: 'while-away', exact: true }).count()).toBe(0)
    await context.unroute('**/api/v1/stream*')
    await lost.waitFor({ state: 'detached' })
  })
  await page.getByRole('link', { name: 'while-away', exact: true }).waitFor()
})

test('a conflict shows both sides, and a person ends it', async () => {
  const { page } = seen
  const ours = await conflict('catalog-capacity')
  await page.getByRole('link', { name: 'catalog-capacity', exact: true }).click()
  await page.getByText('Git and the portal both changed this workflow').waitFor()
  await page.getByText('Valid', { exact: true }).waitFor()
  await keepsPromises(seen, 'conflict')
  await page.getByRole('button', { name: 'Keep the portal’s' }).click()
  await page.locator('header').getByText('In git').waitFor()
  await inGit(server, 'shop', 'catalog-capacity', ours)
  await page.getByRole('link', { name: 'Workflows' }).first().click()
})

test('a workflow is begun from a template, and another deleted by a commit', async () => {
  const { page } = seen
  await page.getByRole('link', { name: 'New workflow' }).click()
  await page.getByText('Valid', { exact: true }).waitFor()
  await keepsPromises(seen, 'new workflow')
  await page.getByRole('link', { name: 'Workflows' }).first().click()
  await page.getByRole('link', { name: 'while-away', exact: true }).click()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete workflow' }).click()
  await page.getByText('is removed from').waitFor()
  await keepsPromises(seen, 'delete dialog')
  await page.getByRole('button', { name: 'Delete while-away' }).click()
  await page.getByRole('heading', { name: 'Workflows' }).waitFor()
  await page.getByRole('link', { name: 'while-away', exact: true }).waitFor({ state: 'detached' })
})

test('a session that has ended leads to the sign-in page and back', async () => {
  const { page, context } = seen
  await page.goto('/p/shop/runs?cause=manual')
  await page.getByRole('row').getByRole('link', { name: SHOP_WORKFLOW }).first().waitFor()
  await keepsPromises(seen, 'runs')
  await context.clearCookies()
  await seen.expecting(/401/, async () => {
    await page.getByRole('link', { name: 'Workflows' }).first().click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signIn(PASSWORD)
    await page.getByRole('heading', { name: 'Workflows' }).waitFor()
  })
})

test('the browser complained of nothing', () => {
  expect(seen.complaints).toEqual([])
})

/** Somebody else saves while this page knows nothing of it: the save is refused, and what was typed goes on over the newer text. */
async function savesOverNewer(): Promise<void> {
  const { page } = seen
  await page.getByRole('link', { name: 'catalog-capacity', exact: true }).click()
  await page.getByText('Valid', { exact: true }).waitFor()
  await write('# Mine as well.')
  const { etag, text } = await server.api.workflow('shop', 'catalog-capacity')
  const theirs = `${text}# Theirs as well.\n`
  await server.api.saveWorkflow('shop', 'catalog-capacity', { text: theirs, etag, message: 'Write at the end' })
  await page.getByRole('button', { name: 'Commit to main…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Commit to main' }).click()
  await page.getByRole('button', { name: 'Compare with the newer' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take the newer', exact: true }).last().click()
  await page.getByRole('button', { name: 'Go on with this' }).click()
  await page.getByRole('button', { name: 'Commit to main…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Commit to main' }).click()
  await inGit(server, 'shop', 'catalog-capacity', theirs.replace('kind: Workflow', '# Mine as well.\nkind: Workflow'))
}

/** A push, and before the server has looked, an edit of the same line here; answers that edit's text. */
async function conflict(name: string): Promise<string> {
  await clone.git('pull', '--quiet', '--rebase', 'origin', 'main')
  for (let latency = 3100; ; latency += 100) {
    const { text, etag } = await server.api.workflow('shop', name)
    const value = /value: "3\d00"/
    await clone.push(`litmus/shop/${name}.yaml`, text.replace(value, `value: "${latency}"`), 'Make it longer')
    const ours = text.replace(value, 'value: "2500"')
    const edit = { text: ours, etag, message: 'Make it shorter', wait: false }
    const saved = await server.api.saveWorkflow('shop', name, edit).catch(() => null)
    if (saved !== null) return ours
  }
}

async function signIn(password: string): Promise<void> {
  const { page } = seen
  await page.getByLabel('Login').fill('admin')
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Types a line into the editor, below the first. */
async function write(line: string): Promise<void> {
  const { page } = seen
  await page.locator('.cm-content').first().click()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.insertText(`${line}\n`)
}
