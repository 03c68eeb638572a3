import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { PASSWORD } from '../harness/people.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

/** An owner, and somebody whom he invites, each in a browser of their own. */

vi.setConfig({ testTimeout: 40_000 })

let server: TestServer
let browser: Browser
let owner: WatchedPage
let ann: WatchedPage
let link: string

beforeAll(async () => {
  server = await startTestServer()
  await server.api.post('/projects', { id: 'shop', name: 'Shop' })
  await server.api.createWorkflow('shop', shopWorkflow('cart'), 'Add cart')
  browser = await launchBrowser()
  owner = await openPage(browser, server.url.href)
  ann = await openPage(browser, server.url.href)
  const { page } = owner
  await owner.expecting(/401.*\/session/, async () => {
    await page.goto('/login?next=/p/shop/settings/members')
    await page.getByLabel('Login').fill('admin')
  })
  await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('row', { name: /admin, you/ }).waitFor()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test('an owner invites; the link is shown once', async () => {
  const { page } = owner
  await page.getByRole('button', { name: 'Invite' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Login').fill('ann')
  await dialog.getByLabel('Name').fill('Ann Example')
  await keepsPromises(owner, 'inviting')
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  link = await dialog.getByRole('region', { name: 'invitation link' }).innerText()
  expect(new URL(link).pathname).toBe('/invitation')
  await keepsPromises(owner, 'the link')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: /Ann Example.*shop, as viewer/ }).waitFor()
  await keepsPromises(owner, 'members')
})

test('the invited chooses a password and is in the project, as a viewer', async () => {
  const { page } = ann
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(link)
  await page.getByRole('heading', { name: 'Welcome, Ann Example' }).waitFor()
  await page.getByText('admin invites you to the project shop, as viewer').waitFor()
  await keepsPromises(ann, 'invitation')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('Password, again').fill(`${PASSWORD}!`)
  await page.getByRole('button', { name: 'Accept and sign in as ann' }).click()
  await page.getByText('The two are not the same.').waitFor()
  await page.getByLabel('Password, again').fill(PASSWORD)
  await page.getByRole('button', { name: 'Accept and sign in as ann' }).click()
  await page.waitForURL('/p/shop')
  const token = new URL(link).hash.slice(1)
  expect(asked.map((url) => url.split('#')[0]).filter((url) => url?.includes(token))).toEqual([])
  await page.goto('/p/shop/workflows/cart')
  await page.getByRole('heading', { name: 'cart' }).waitFor()
  expect(await page.getByRole('button', { name: /^(Run|Save|Delete)/ }).count()).toBe(0)
  await page.goto('/p/shop/settings/members')
  await page.getByRole('row', { name: /ann, you/ }).waitFor()
  for (const name of ['Add member', 'Invite', 'Change role', 'Remove'])
    expect(await page.getByRole('button', { name }).count(), name).toBe(0)
})

test('a used link says so, and what to do', async () => {
  const { page } = owner
  await owner.expecting(/403.*\/invitations\/look/, async () => {
    await page.goto(link)
    await page.getByRole('heading', { name: 'This invitation is not open' }).waitFor()
    await page.getByText('ask who invited you for a new one').waitFor()
    await keepsPromises(owner, 'used invitation')
  })
})

test('an invitation is withdrawn after asking', async () => {
  const { page } = owner
  await server.api.post('/invitations', { login: 'ben', name: 'Ben' })
  await page.goto('/p/shop/settings/members')
  await page.getByRole('row', { name: /Ben.*this server/ }).waitFor()
  await page.getByRole('button', { name: 'Withdraw the invitation of ben' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw it' }).click()
  await page.getByRole('heading', { name: 'Open invitations to this server' }).waitFor({ state: 'detached' })
})

test('roles are changed, members go and come, and the last owner stays', async () => {
  const { page } = owner
  const dialog = page.getByRole('dialog')
  await page.goto('/p/shop/settings/members')
  await page.getByRole('button', { name: 'Change role of ann' }).click()
  await dialog.getByRole('radio', { name: 'executor' }).check()
  await keepsPromises(owner, 'changing a role')
  await dialog.getByRole('button', { name: 'Make ann executor' }).click()
  await page.getByRole('row', { name: /ann.*executor/ }).waitFor()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Remove ann' }).click()
  await dialog.getByText('sees nothing of shop from then on').waitFor()
  await keepsPromises(owner, 'removing a member')
  await dialog.getByRole('button', { name: 'Remove ann' }).click()
  await page.getByRole('row', { name: /Ann Example/ }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Add member' }).click()
  await dialog.getByLabel('Login').fill('ann')
  await dialog.getByRole('button', { name: 'Add to this project' }).click()
  await page.getByRole('row', { name: /Ann Example.*viewer/ }).waitFor()
  await owner.expecting(/409.*\/members\/admin/, async () => {
    await page.getByRole('button', { name: 'Remove admin' }).click()
    await dialog.getByRole('button', { name: 'Remove admin' }).click()
    await dialog.getByRole('alert').getByText(/owner/).waitFor()
    await dialog.getByRole('button', { name: 'Keep admin' }).click()
  })
})

test('a token is made, works, is revoked, and works no more', async () => {
  const { page } = owner
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Account admin' }).click()
  await page.getByRole('menuitem', { name: 'API tokens' }).click()
  await page.getByRole('heading', { name: 'No token yet' }).waitFor()
  await keepsPromises(owner, 'no token')
  await page.getByRole('button', { name: 'New token' }).click()
  await dialog.getByLabel('Name').fill('pipeline of shop')
  await dialog.getByRole('checkbox', { name: 'run' }).check()
  await keepsPromises(owner, 'a new token')
  await dialog.getByRole('button', { name: 'Make the token' }).click()
  const secret = await dialog.getByRole('region', { name: 'API token' }).innerText()
  await keepsPromises(owner, 'the secret')
  await dialog.getByRole('button', { name: 'Done' }).click()
  const row = page.getByRole('row', { name: /pipeline of shop.*read, run.*shop.*never/ })
  await row.waitFor()
  const asked = () =>
    fetch(new URL('/api/v1/projects/shop/overview', server.url), { headers: { authorization: `Bearer ${secret}` } })
  expect((await asked()).status).toBe(200)
  await keepsPromises(owner, 'tokens')
  await page.getByRole('button', { name: 'Revoke pipeline of shop' }).click()
  await dialog.getByRole('button', { name: 'Revoke pipeline of shop' }).click()
  await page.getByRole('heading', { name: 'No token yet' }).waitFor()
  expect((await asked()).status).toBe(401)
})

test('the audit says who changed what, page by page, to owners alone', async () => {
  const { page } = owner
  for (let most = 1; most <= 51; most++) {
    const guardrails = { allowedNamespaces: ['*'], maxTargets: most, maxDurationSeconds: 60 }
    await server.api.put('/projects/shop/guardrails', guardrails)
  }
  await page.getByRole('link', { name: 'Audit' }).click()
  await page
    .getByRole('row', { name: /admin.*guardrails.save/ })
    .first()
    .waitFor()
  expect(await page.getByRole('row', { name: /member.set-role/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Show older' }).click()
  await page
    .getByRole('row', { name: /admin .*member.set-role ann/ })
    .getByText('role', { exact: true })
    .first()
    .click()
  await page.getByText('viewer → executor').waitFor()
  await keepsPromises(owner, 'audit')
  await ann.page.goto('/p/shop/settings/audit')
  await ann.page.getByRole('heading', { name: 'For owners' }).waitFor()
  expect(await ann.page.getByRole('link', { name: 'Audit' }).count()).toBe(0)
  await keepsPromises(ann, 'audit, as a viewer')
})

test('an admin deactivates a user, whose open page ends, and brings the user back', async () => {
  const { page } = owner
  const dialog = page.getByRole('dialog')
  const choose = async (login: string, item: string) => {
    await page.getByRole('button', { name: `Actions for ${login}` }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByRole('row', { name: /Ann Example.*Active/ }).waitFor()
  await keepsPromises(owner, 'users')
  await choose('ann', 'Deactivate')
  await dialog.getByText('API tokens are revoked for good').waitFor()
  await keepsPromises(owner, 'deactivating')
  await dialog.getByRole('button', { name: 'Deactivate' }).click()
  await page.getByRole('row', { name: /Ann Example.*Deactivated/ }).waitFor()
  await ann.expecting(/40[13]/, async () => {
    await ann.page.goto('/p/shop')
    await ann.page.getByLabel('Login').fill('ann')
    await ann.page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await ann.page.getByRole('button', { name: 'Sign in' }).click()
    await ann.page.getByText('This account is deactivated').waitFor()
  })
  await choose('ann', 'Reactivate')
  await dialog.getByRole('button', { name: 'Reactivate' }).click()
  await page.getByRole('row', { name: /Ann Example.*Active/ }).waitFor()
  await choose('ann', 'Reset password')
  await dialog.getByRole('button', { name: 'Reset password' }).click()
  expect(await dialog.getByRole('region', { name: 'new password' }).innerText()).toMatch(/^[a-z0-9-]{12,}/)
  await keepsPromises(owner, 'the new password')
  await dialog.getByRole('button', { name: 'Done' }).click()
})

test('infrastructures are added, renamed, made the default and removed from their cards', async () => {
  const { page } = owner
  const dialog = page.getByRole('dialog')
  const choose = async (name: string, item: string) => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await page.goto('/p/shop/settings/infrastructures')
  await page.waitForURL('/p/shop/infrastructures')
  await page.getByRole('heading', { name: 'No infrastructure yet' }).waitFor()
  await keepsPromises(owner, 'no infrastructure')
  for (const name of ['rack', 'spare']) {
    await server.api.post('/projects/shop/infrastructures', { name, kind: 'local' })
    await page.reload()
    await page.getByRole('region', { name }).getByText('Never connected').waitFor()
  }
  await keepsPromises(owner, 'infrastructure cards')
  await choose('rack', 'Name and environment')
  await dialog.getByLabel('Name').fill('spare')
  await owner.expecting(/409.*\/infrastructures\//, async () => {
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByRole('alert').getByText('There is an infrastructure named spare').waitFor()
  })
  await dialog.getByLabel('Name').fill('bench')
  await keepsPromises(owner, 'renaming an infrastructure')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('region', { name: 'bench' }).getByText('rack', { exact: true }).waitFor()
  await choose('spare', 'Make it the default')
  await page.getByRole('region', { name: 'spare' }).getByText('default of this project').waitFor()
  await choose('bench', 'New registration token')
  await dialog.getByRole('button', { name: 'Make the token' }).click()
  await page.getByLabel('Connect bench').getByText('Waiting for the agent').waitFor()
  await page.getByRole('button', { name: 'Add infrastructure' }).click()
  await dialog.getByLabel('Name').fill('cluster')
  await dialog.getByLabel('Kubernetes').check()
  await dialog.getByLabel('Faults may harm whole nodes').check()
  await keepsPromises(owner, 'allowing faults on nodes')
  await dialog.getByLabel('One namespace').check()
  await dialog.getByLabel('Faults may harm whole nodes').waitFor({ state: 'detached' })
  await dialog.getByLabel('Namespace', { exact: true }).fill('shop')
  const kinds = dialog.getByLabel('Further kinds to observe').and(dialog.locator('input'))
  await kinds.fill('Rollout')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.getByText('Rollout is not written GROUP/VERSION/KIND').waitFor()
  await keepsPromises(owner, 'adding a cluster')
  await kinds.press('Backspace')
  await kinds.fill('argoproj.io/v1alpha1/Rollout')
  await dialog.getByRole('button', { name: 'Add' }).click()
  const connect = page.getByLabel('Connect cluster')
  await connect.getByText('Waiting for the agent').waitFor()
  expect(await connect.getByRole('region', { name: 'manifest' }).innerText()).toMatch(
    /kubectl apply(.|\n)*kind: Deployment/
  )
  await keepsPromises(owner, 'connecting a cluster')
  await page.getByRole('region', { name: 'cluster', exact: true }).getByText('kubernetes, namespace shop').waitFor()
  await page.getByRole('region', { name: 'cluster', exact: true }).getByText('left alone').waitFor()
  await page.getByRole('region', { name: 'cluster', exact: true }).getByText('argoproj.io/v1alpha1/Rollout').waitFor()
  await choose('cluster', 'Name, environment and engine')
  await dialog.getByLabel('Argo Workflows').check()
  await dialog.getByText('The agent needs more rights then').waitFor()
  await keepsPromises(owner, 'changing the engine')
  await dialog.getByLabel('Instance id').fill('chaos')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Argo Workflows, in namespace shop, instance chaos').waitFor()
  await choose('bench', 'Remove')
  await dialog.getByText('Its agent ends by itself').waitFor()
  await keepsPromises(owner, 'removing an infrastructure')
  await dialog.getByRole('button', { name: 'Remove bench' }).click()
  await page.getByRole('region', { name: 'bench', exact: true }).waitFor({ state: 'detached' })
})

test('the audit is narrowed down in the URL, and an admin sees that of the whole server', async () => {
  const { page } = owner
  await page.goto('/p/shop/settings/audit?what=infrastructure')
  await page.getByRole('row', { name: /infrastructure\.remove.*bench/ }).waitFor()
  expect(await page.getByRole('row', { name: /member\./ }).count()).toBe(0)
  await page.getByLabel('Search the audit').fill('spare')
  await page.waitForURL(/q=spare/)
  await page.getByText('Whole server').click()
  await page.waitForURL(/of=server/)
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.waitForURL(/audit\?of=server$/)
  await page.goto('/p/shop/settings/audit?of=server&what=session')
  await page
    .getByRole('row', { name: /session\.begin.*none/ })
    .first()
    .waitFor()
  await keepsPromises(owner, 'audit of the server')
})

test('there can be a second admin, and never none', async () => {
  const { page } = owner
  await page.goto('/p/shop/settings/users')
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Actions for admin' }).click()
  await page.getByRole('menuitem', { name: 'Unmake admin' }).click()
  await owner.expecting(/409.*\/users\/admin/, async () => {
    await dialog.getByRole('button', { name: 'Unmake admin' }).click()
    await dialog.getByRole('alert').getByText('the last admin of this server').waitFor()
    await dialog.getByRole('button', { name: 'Leave it' }).click()
  })
  await page.getByRole('button', { name: 'Actions for ann' }).click()
  await page.getByRole('menuitem', { name: 'Make admin' }).click()
  await dialog.getByRole('button', { name: 'Make admin' }).click()
  await page.getByRole('row', { name: /Ann Example.*admin/ }).waitFor()
})

test('the browsers complained of nothing', () => {
  expect([...owner.complaints, ...ann.complaints]).toEqual([])
})

test('where the connection is not encrypted, the login page says so', async () => {
  const stranger = await openPage(browser, server.url.href)
  const { page } = stranger
  // loopback counts as secure: the browser is told to take it as any other address
  await page.addInitScript('Object.defineProperty(window, "isSecureContext", { value: false })')
  await stranger.expecting(/401.*\/session/, async () => {
    await page.goto('/login')
    await page.getByText('This connection is not encrypted').waitFor()
  })
  await keepsPromises(stranger, 'login without TLS')
  await stranger.close()
})
