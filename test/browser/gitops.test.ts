import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { SyncStatus } from '../../src/contract/index.ts'
import { type GitServer, startGitServer } from '../../src/demo/git-server.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { launchBrowser } from '../harness/browser.ts'
import { type Authority, makeAuthority } from '../harness/certificates.ts'
import { freePort } from '../harness/free-port.ts'
import { cloneOf, connectProject, inGit, settles, startTestServer, type TestServer } from '../harness/server.ts'
import { type SshServer, startSshServer } from '../harness/ssh-server.ts'
import { keepsPromises, openPage, type WatchedPage } from './watched-page.ts'

/** Settings → GitOps where it is not as simple as in the story; each test has a project of its own. */

vi.setConfig({ testTimeout: 60_000 })

let server: TestServer
let ssh: SshServer
let house: { host: GitServer; authority: Authority }
let browser: Browser
let seen: WatchedPage

beforeAll(async () => {
  const port = await freePort()
  server = await startTestServer({ allow: [`127.0.0.1:${port}`] })
  house = await startHouse(port)
  ssh = await startSshServer(`${server.folder}/ssh`, server.otherPort)
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
  await ssh?.close()
  await house?.host.close()
  await server?.close()
})

const settings = (project: string) => seen.page.goto(`/p/${project}/settings/gitops`)

test('SSH through the form: key made, host confirmed, connection tested, enabled', async () => {
  const { page } = seen
  await ssh.createRepository('keys')
  await server.api.post('/projects', { id: 'keys', name: 'Keys' })
  await settings('keys')
  await page.getByText('In a git repository').click()
  await page.getByLabel('Repository address').fill('https://git.example.com/team/chaos.git')
  await page.getByRole('radio', { name: 'SSH key, with an SSH address' }).check()
  await page.getByText('takes no SSH key').waitFor()
  await page.getByRole('button', { name: 'Use git@git.example.com:team/chaos.git' }).click()
  expect(await page.getByLabel('Repository address').inputValue()).toBe('git@git.example.com:team/chaos.git')
  await page.getByLabel('Repository address').fill(ssh.url('keys'))
  await page.getByRole('button', { name: 'Generate key' }).click()
  const publicKey = await page.getByRole('region', { name: 'public key' }).innerText()
  expect(publicKey).toMatch(/^ssh-ed25519 \S+ faultline keys$/)
  await ssh.authorize(publicKey)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByRole('button', { name: 'Look at the key and confirm it' }).click()
  await page.getByRole('button', { name: 'Confirm ssh-ed25519' }).click()
  await page.getByText('confirmed', { exact: true }).waitFor()
  await keepsPromises(seen, 'GitOps, SSH')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('Pushing is allowed').waitFor()
  await page.getByRole('button', { name: 'Save and preview' }).click()
  await page.getByLabel('Make the first commit on main').check()
  await page.getByRole('radio', { name: 'Never', exact: true }).check()
  await page.getByRole('button', { name: 'Enable GitOps' }).click()
  await page.getByText('Ready', { exact: true }).waitFor()
  expect(await server.api.gitops('keys')).toMatchObject({ enabled: true, runOnPush: 'never' })
})

test('a host with a certificate of the house: the test explains, the authority is pasted, shown and trusted', async () => {
  const { page } = seen
  const { host, authority } = house
  await server.api.post('/projects', { id: 'house', name: 'House' })
  await settings('house')
  await page.getByText('In a git repository').click()
  await page.getByLabel('Repository address').fill(host.url('house').replace('https://', 'https://robot@'))
  await page.getByRole('button', { name: 'Move robot there' }).click()
  expect(await page.getByLabel('Repository address').inputValue()).toBe(host.url('house'))
  expect(await page.getByLabel('User name', { exact: true }).inputValue()).toBe('robot')
  await page.getByRole('combobox', { name: 'Git host' }).click()
  await page.getByRole('option', { name: 'GitLab' }).click()
  await page.getByText('Empty is right for GitLab: oauth2').waitFor()
  await page.getByLabel('User name', { exact: true }).fill('')
  await page.getByRole('textbox', { name: 'Access token' }).fill(server.gitToken)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('is signed by an authority that is not known here').waitFor()
  await page.getByRole('button', { name: 'Give its authority' }).click()
  await page.getByLabel('Certificate authority of your own').fill(authority.pem)
  await page.getByLabel('HTTP proxy').fill('proxy.example.com')
  await page.getByRole('button', { name: 'Save and preview' }).click()
  await page.getByText('It looks like http://proxy.example.com:3128').waitFor()
  await keepsPromises(seen, 'GitOps, network')
  await page.getByLabel('HTTP proxy').fill('')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('Pushing is allowed').waitFor()
  expect(host.lastUser()).toBe('oauth2')
  await page.getByRole('button', { name: 'Save and preview' }).click()
  await page.getByRole('list', { name: 'Certificate authorities' }).getByText('CN=Authority of the house').waitFor()
  await page.getByLabel('Make the first commit on main').check()
  await page.getByRole('radio', { name: 'Never', exact: true }).check()
  await page.getByRole('button', { name: 'Enable GitOps' }).click()
  await page.getByText('Ready', { exact: true }).waitFor()
  await page.getByText('CN=Authority of the house, until').waitFor()
  await keepsPromises(seen, 'GitOps on, own authority')
})

test('a changed host key leads from the status to where it is confirmed; what a push may start is changed while on', async () => {
  const { page } = seen
  await ssh.changeHostKey()
  const look = () => server.api.post<SyncStatus>('/projects/keys/gitops/sync')
  await settles(() => look().then(({ code }) => code), 20_000).toBe('git/host-key-changed')
  await settings('keys')
  await page.getByRole('alert').getByRole('link', { name: 'Look at the host key' }).click()
  await page.getByRole('button', { name: 'Look at the host key' }).click()
  await page.getByText('The host shows another key than the confirmed').last().waitFor()
  await keepsPromises(seen, 'GitOps, changed host key')
  await page.getByRole('button', { name: 'Confirm ssh-ed25519' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Change connection…' }).waitFor()
  await page.getByRole('button', { name: 'Sync now' }).click()
  await page.getByText('Ready', { exact: true }).waitFor()
  await page.getByRole('radio', { name: 'By trailer only' }).check()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await settles(() => server.api.gitops('keys').then(({ runOnPush }) => runOnPush)).toBe('trailer')
  await page.getByRole('button', { name: 'Save', exact: true }).waitFor({ state: 'detached' })
  await keepsPromises(seen, 'GitOps on, SSH')
})

test('pausing shows who has paused it and what waits; resuming brings it to git', async () => {
  const { page } = seen
  await connectProject(server, 'rest', { pollSeconds: 3600 })
  await settings('rest')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused by admin').waitFor()
  await server.api.createWorkflow('rest', shopWorkflow('cart'), 'Add cart')
  const waiting = page.getByRole('list', { name: 'Edits on their way to git' })
  await waiting.getByText('GitOps was paused by admin.').waitFor()
  await keepsPromises(seen, 'GitOps, paused')
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('Ready', { exact: true }).waitFor()
  await inGit(server, 'rest', 'cart', shopWorkflow('cart'))
})

test('the webhook card: a secret that is shown once, the steps, what was heard and what was not', async () => {
  const { page } = seen
  await connectProject(server, 'hook', { pollSeconds: 30 })
  await settings('hook')
  const card = page.getByRole('region', { name: 'Webhook', exact: true })
  await card.getByRole('button', { name: 'Generate secret' }).click()
  const secret = await card.getByRole('region', { name: 'webhook secret' }).innerText()
  const url = await card.getByRole('region', { name: 'webhook address' }).innerText()
  const knock = (token: string) =>
    fetch(url, { method: 'POST', body: '{}', headers: { 'x-gitlab-token': token, 'x-gitlab-event': 'Push Hook' } })
  await card.getByText('never', { exact: true }).waitFor()
  expect((await knock('wrong')).status).toBe(401)
  await card.getByText('The secret token that it sent is another one.').waitFor()
  expect((await knock(secret)).status).toBe(202)
  await card.getByText('Push Hook; git was looked at afterwards').waitFor()
  await card.getByText('How to set it up', { exact: true }).click()
  await card.getByRole('combobox', { name: 'How to set it up at' }).click()
  await page.getByRole('option', { name: 'GitLab' }).click()
  await card.getByText('Secret token: the secret from here').waitFor()
  await keepsPromises(seen, 'GitOps, webhook')
  await page.reload()
  await card.getByRole('button', { name: 'Generate another secret…' }).waitFor()
  expect(await page.content()).not.toContain(secret)
})

test('why a push did nothing is asked with a commit or a file', async () => {
  const { page } = seen
  const person = await cloneOf(server, await connectProject(server, 'why', { pollSeconds: 3600 }))
  const outside = await person.push('notes.md', 'Notes\n', 'Note')
  await person.push('litmus/why/bad.yaml', 'kind: [\n', 'Break it')
  await server.api.post('/projects/why/gitops/sync')
  await settings('why')
  await page.getByLabel('Commit or file').fill(outside)
  await page.getByRole('button', { name: 'Explain' }).click()
  await page.getByText('It changes nothing below litmus/why/').waitFor()
  await page.getByLabel('Commit or file').fill('litmus/why/bad.yaml')
  await page.keyboard.press('Enter')
  await page.getByRole('status').getByText('litmus/why/bad.yaml, line').waitFor()
  await keepsPromises(seen, 'GitOps on, a push explained')
})

test('what is withheld is listed, and goes once it is accepted', async () => {
  const { page } = seen
  const person = await cloneOf(server, await connectProject(server, 'many', { pollSeconds: 3600 }))
  const names = ['cart', 'checkout', 'search', 'stock']
  for (const name of names) await person.write(`litmus/many/${name}.yaml`, shopWorkflow(name))
  await person.push('litmus/many/README', 'Of the shop\n', 'Bring the tests')
  await server.api.post('/projects/many/gitops/sync')
  await inGit(server, 'many', 'stock', shopWorkflow('stock'))
  await person.git('rm', '--quiet', ...names.map((name) => `litmus/many/${name}.yaml`))
  await person.git('commit', '--quiet', '--message', 'Drop the tests')
  await person.git('push', '--quiet', 'origin', 'HEAD:main')
  await server.api.post('/projects/many/gitops/sync')
  await settings('many')
  await page.getByText('Many files are gone from git at once').waitFor()
  await keepsPromises(seen, 'withheld')
  await page.getByRole('button', { name: 'Accept the deletions' }).click()
  await page.getByText('Many files are gone from git at once').waitFor({ state: 'detached' })
  await settles(() => server.api.workflows('many').then(({ items }) => items.length)).toBe(0)
})

test('an edit that waits for git can be discarded', async () => {
  const { page } = seen
  const { open } = await waitingEdit('drop')
  await settings('drop')
  await page.getByText('Change: Wait for git').waitFor()
  await keepsPromises(seen, 'GitOps with an edit that waits')
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByText('The edit was discarded').waitFor()
  await page.getByText('Change: Wait for git').waitFor({ state: 'detached' })
  open()
  expect((await server.api.workflow('drop', 'one')).text).toBe(shopWorkflow('one'))
})

test.each([
  ['apply', 'Apply here, without git', '# waits\n'],
  ['discard', 'Discard; the texts stay readable', '']
])('turning off with an edit that waits: %s', async (project, choice, ending) => {
  const { page } = seen
  const { open } = await waitingEdit(project)
  await settings(project)
  await page.getByRole('button', { name: 'Turn off…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('1 edit waits for git').waitFor()
  expect(await dialog.getByRole('button', { name: 'Turn off' }).isDisabled()).toBe(true)
  if (project === 'apply') await keepsPromises(seen, 'turning GitOps off')
  await dialog.getByLabel(choice).check()
  await dialog.getByRole('button', { name: 'Turn off' }).click()
  await page.getByText('Where do workflows live?').waitFor()
  open()
  expect((await server.api.workflow(project, 'one')).text).toBe(`${shopWorkflow('one')}${ending}`)
  expect((await server.api.gitops(project)).enabled).toBe(false)
})

test('the repository is changed by keyboard: seen first, and what waits is carried over', async () => {
  const { page } = seen
  await refusedEdit('removal')
  await server.git.createRepository('removal-new', { branch: 'main' })
  await settings('removal')
  await page.getByRole('button', { name: 'Change connection…' }).press('Enter')
  expect(await page.getByLabel('Repository address').inputValue()).toBe(server.git.url('removal'))
  await page.getByLabel('Folder in the repository').fill('chaos')
  await page.getByLabel('Repository address').fill(server.git.url('removal-new'))
  await page.getByText('This is another repository, branch or folder').waitFor()
  await keepsPromises(seen, 'GitOps, another repository is typed')
  await page.getByLabel('Repository address').press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('goes to git').waitFor()
  await dialog.getByText('1 edit waits for git').waitFor()
  await keepsPromises(seen, 'changing the repository')
  const apply = dialog.getByRole('button', { name: 'Change the repository' })
  await dialog.getByLabel('Make the first commit on main').press('Space')
  expect(await apply.isDisabled()).toBe(true)
  await dialog.getByLabel('Push them first').press('Space')
  await seen.expecting(/409/, async () => {
    await apply.press('Enter')
    await dialog.getByText(/nothing was changed\. one: .*not now/).waitFor()
  })
  await dialog.getByLabel('Carry them over').press('Space')
  await apply.press('Enter')
  await page.getByText('The repository was changed').waitFor()
  await inGit(server, 'removal', 'one', `${shopWorkflow('one')}# waits\n`)
  expect(await server.api.workflow('removal', 'one')).toMatchObject({ path: 'chaos/one.yaml' })
  await page.getByText('admin changed the repository to').waitFor()
})

test('turning off deletes what is in git if that is chosen, and one button brings all of it back', async () => {
  const { page } = seen
  const person = await cloneOf(server, await connectProject(server, 'emptied', { pollSeconds: 3600 }))
  await person.push('litmus/emptied/one.yaml', shopWorkflow('one'), 'Add one')
  await server.api.post('/projects/emptied/gitops/sync')
  await settings('emptied')
  await page.getByRole('button', { name: 'Turn off…' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('The repository is not touched').waitFor()
  await keepsPromises(seen, 'turning GitOps off, nothing waits')
  await dialog.getByLabel('Those that are in git are deleted here').press('Space')
  await dialog.getByRole('button', { name: 'Turn off and delete' }).press('Enter')
  await page.getByText('1 workflow that was in git is deleted here').waitFor()
  await keepsPromises(seen, 'GitOps off, workflows deleted')
  await page.getByRole('button', { name: 'Restore it' }).press('Enter')
  await page.getByText('The workflows are back').waitFor()
  await page.getByText('1 workflow that was in git is deleted here').waitFor({ state: 'detached' })
  expect((await server.api.workflow('emptied', 'one')).text).toBe(shopWorkflow('one'))
})

test('a conflict is not decided over a text of git that nobody has seen', async () => {
  const { page, context } = seen
  const person = await cloneOf(server, await connectProject(server, 'moved', { pollSeconds: 3600 }))
  const push = (line: string) => person.push('litmus/moved/one.yaml', `${shopWorkflow('one')}${line}`, `Say ${line}`)
  await push('')
  await server.api.post('/projects/moved/gitops/sync')
  const { text, etag } = await server.api.workflow('moved', 'one')
  await push('# first\n')
  await server.api.saveWorkflow('moved', 'one', { text: `${text}# mine\n`, etag, message: 'Mine', wait: false })
  await settles(() => server.api.workflow('moved', 'one').then(({ sync }) => sync)).toBe('conflict')
  await seen.expecting(/ERR_FAILED|409/, async () => {
    await context.route('**/api/v1/stream*', (route) => route.abort())
    await page.goto('/p/moved/workflows/one')
    await page.getByText('# first').first().waitFor()
    await push('# second\n')
    await server.api.post('/projects/moved/gitops/sync')
    await page.getByRole('button', { name: 'Keep the portal’s' }).click()
    await page.getByText('Git has moved on since this page was opened').waitFor()
    await page.getByText('# second').first().waitFor()
    await context.unroute('**/api/v1/stream*')
  })
  await page.getByRole('button', { name: 'Keep the portal’s' }).click()
  await inGit(server, 'moved', 'one', `${text}# mine\n`)
})

test('a conflict is decided by a text of both, taken difference by difference', async () => {
  const { page } = seen
  const person = await cloneOf(server, await connectProject(server, 'both', { pollSeconds: 3600 }))
  await person.push('litmus/both/one.yaml', shopWorkflow('one'), 'Add one')
  await server.api.post('/projects/both/gitops/sync')
  const { text, etag } = await server.api.workflow('both', 'one')
  await person.push('litmus/both/one.yaml', `# of git\n${text}`, 'Say who')
  await server.api.saveWorkflow('both', 'one', { text: `${text}# of the portal\n`, etag, message: 'Mine', wait: false })
  await settles(() => server.api.workflow('both', 'one').then(({ sync }) => sync)).toBe('conflict')
  await page.goto('/p/both/workflows/one')
  await page.getByRole('link', { name: 'Take some of both…' }).click()
  await page.getByRole('heading', { name: 'What the portal changed' }).waitFor()
  await page.getByRole('button', { name: 'Take git’s', exact: true }).first().waitFor()
  await keepsPromises(seen, 'conflict')
  await page.getByRole('button', { name: 'Take git’s', exact: true }).first().click()
  await page.getByRole('button', { name: 'Commit to main' }).click()
  await page.getByText('The conflict is decided').waitFor()
  await inGit(server, 'both', 'one', `# of git\n${text}# of the portal\n`)
})

test('an edit that was overwritten in git says so on its page and in the history, with both differences', async () => {
  const { page } = seen
  const person = await cloneOf(server, await connectProject(server, 'lost', { pollSeconds: 3600 }))
  const push = (ms: string) =>
    person.push('litmus/lost/one.yaml', shopWorkflow('one').replace('"3000"', `"${ms}"`), `Take ${ms}`)
  await push('3000')
  await server.api.post('/projects/lost/gitops/sync')
  const { text, etag } = await server.api.workflow('lost', 'one')
  const edit = { text: text.replace('"3000"', '"2000"'), etag, message: 'Less latency' }
  await server.api.saveWorkflow('lost', 'one', edit)
  await inGit(server, 'lost', 'one', edit.text)
  await person.git('pull', '--quiet')
  const commit = (await push('1500')).slice(0, 7)
  await server.api.post('/projects/lost/gitops/sync')
  await page.goto('/p/lost/workflows/one')
  const card = page.getByRole('region', { name: 'An edit was overwritten in git' })
  await card.getByText('overwritten in git by Dana Developer').waitFor()
  await card.getByText(commit).waitFor()
  await keepsPromises(seen, 'an edit that was overwritten')
  await card.getByRole('button', { name: 'What overwrote it' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Revision 3, and what it changed' })
  await dialog.getByRole('button', { name: 'This is the text of now' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByText('Overwritten in git by Dana Developer').waitFor()
  await page.getByRole('button', { name: 'View revision 3' }).first().waitFor()
  await keepsPromises(seen, 'history, an edit that was overwritten')
  await card.getByRole('button', { name: 'What the edit changed' }).press('Enter')
  await page.getByRole('button', { name: 'Restore revision 2 to main' }).press('Enter')
  await inGit(server, 'lost', 'one', edit.text)
  await card.waitFor({ state: 'detached' })
})

test('a revision is restored from the history, a deleted workflow from its list', async () => {
  const { page } = seen
  const person = await cloneOf(server, await connectProject(server, 'back', { pollSeconds: 3600 }))
  const push = (text: string) => person.push('litmus/back/one.yaml', text, 'Change one')
  const sync = () => server.api.post('/projects/back/gitops/sync')
  await push(shopWorkflow('one'))
  await sync()
  await push(`${shopWorkflow('one')}# more\n`)
  await sync()
  await page.goto('/p/back/workflows/one?tab=history')
  await page.getByRole('button', { name: 'View revision 1' }).click()
  await page.getByRole('button', { name: 'Restore revision 1 to main' }).click()
  await inGit(server, 'back', 'one', shopWorkflow('one'))
  await page.goto('/p/back/workflows')
  const { etag } = await server.api.workflow('back', 'one')
  await server.api.deleteWorkflow('back', 'one', etag)
  await settles(() => server.api.workflows('back').then(({ items }) => items.length)).toBe(0)
  await page.getByRole('link', { name: 'Deleted workflows' }).click()
  await page.getByRole('button', { name: 'Look at one' }).click()
  await page.getByText('This text is saved again as').waitFor()
  await keepsPromises(seen, 'deleted workflows')
  await page.getByRole('button', { name: 'Restore one' }).click()
  await page.getByRole('heading', { name: 'one', exact: true }).waitFor()
  await inGit(server, 'back', 'one', shopWorkflow('one'))
})

test('a run that a commit asked for says so in the list and on its page', async () => {
  const { page } = seen
  const person = await cloneOf(server, await connectProject(server, 'asked', { pollSeconds: 3600 }))
  await server.api.post('/projects/asked/infrastructures', { name: 'nowhere', kind: 'local' })
  await person.push('litmus/asked/one.yaml', shopWorkflow('one'), 'Add one')
  await server.api.post('/projects/asked/gitops/sync')
  const { url, branch } = await server.api.gitops('asked')
  await server.api.put('/projects/asked/gitops', { url, branch, runOnPush: 'trailer' })
  await person.push('notes.md', 'Release 7\n', 'Release 7\n\nChaos-Run: one')
  await server.api.post('/projects/asked/gitops/sync')
  const commit = (await person.head()).slice(0, 7)
  await page.goto('/p/asked/runs?cause=git')
  await page.getByText(/asked for it in commit/).waitFor()
  await page.getByRole('row').getByText(commit).waitFor()
  await page.getByRole('row').getByRole('link', { name: 'one' }).click()
  await page.getByText(/ran because .* asked for it in commit/).waitFor()
  await page.getByRole('list', { name: 'What happened' }).getByText(commit).waitFor()
  await keepsPromises(seen, 'run by a push')
})

test('the browser complained of nothing', () => {
  expect(seen.complaints).toEqual([])
})

/** A git host whose certificate is signed by an authority of its own, with one repository. */
async function startHouse(port: number): Promise<{ host: GitServer; authority: Authority }> {
  const authority = await makeAuthority(server.folder, 'Authority of the house')
  const tls = await authority.issue()
  const host = await startGitServer({ folder: `${server.folder}/house`, token: server.gitToken, port, tls })
  await host.createRepository('house', { branch: 'main' })
  return { host, authority }
}

/** A project whose git host answers nothing, and an edit that waits for it; `open` lets it answer again. */
/** An edit that a rule of the git host refuses, until it has another repository. */
async function refusedEdit(project: string): Promise<void> {
  const person = await cloneOf(server, await connectProject(server, project, { pollSeconds: 3600 }))
  await person.push(`litmus/${project}/one.yaml`, shopWorkflow('one'), 'Add one')
  await server.api.post(`/projects/${project}/gitops/sync`)
  const hook = join(server.git.repositoryFolder(project), 'hooks', 'pre-receive')
  await writeFile(hook, '#!/bin/sh\necho "not now"\nexit 1\n', { mode: 0o755 })
  const { text, etag } = await server.api.workflow(project, 'one')
  const edit = { text: `${text}# waits\n`, etag, message: 'Wait for git', wait: false }
  await server.api.saveWorkflow(project, 'one', edit)
  await settles(() => server.api.workflow(project, 'one').then(({ syncNote }) => syncNote)).toMatch(/not now/)
}

async function waitingEdit(project: string): Promise<{ open: () => void }> {
  const person = await cloneOf(server, await connectProject(server, project, { pollSeconds: 3600 }))
  await person.push(`litmus/${project}/one.yaml`, shopWorkflow('one'), 'Add one')
  await server.api.post(`/projects/${project}/gitops/sync`)
  const { text, etag } = await server.api.workflow(project, 'one')
  server.git.hang(true)
  await server.api.saveWorkflow(project, 'one', {
    text: `${text}# waits\n`,
    etag,
    message: 'Wait for git',
    wait: false
  })
  return { open: () => server.git.hang(false) }
}
