import type { Page } from 'playwright-core'
import { SHOP_WORKFLOW } from '../../src/demo/shop/manifest.ts'
import { PROJECT } from '../../src/demo/stage.ts'
import { look, PAGE_PICTURES } from './pages.ts'
import type { Picture } from './picture.ts'
import { CONFLICTED, NEW_PROJECT } from './play.ts'

const workflow = `/p/${PROJECT}/workflows/${SHOP_WORKFLOW}`

/** Every picture: the pages in their states, then dialogs, forms and what only shows itself on the way. */
export const PICTURES: readonly Picture[] = [
  ...PAGE_PICTURES,
  { name: 'login', signedOut: true, open: (page) => look(page, '/login', 'Sign in') },
  { name: 'password', open: firstPassword },
  { name: 'workflow', open: editor },
  { name: 'workflow-save', whole: false, open: saveDialog },
  { name: 'workflow-conflict', open: (page) => look(page, `/p/${PROJECT}/workflows/${CONFLICTED}`, CONFLICTED) },
  { name: 'workflow-delete', whole: false, open: deleteDialog },
  { name: 'workflow-new', open: newWorkflow },
  { name: 'run', whole: false, open: failedRun },
  { name: 'run-whole', open: failedRun },
  { name: 'run-live', open: liveRun },
  { name: 'gitops-form', open: gitopsForm },
  { name: 'gitops-wrong-address', open: gitopsWrongAddress },
  { name: 'gitops-ssh', open: gitopsSsh },
  { name: 'gitops-own-key', open: gitopsOwnKey },
  { name: 'gitops-enable', open: gitopsEnable },
  { name: 'infrastructure-new', open: connectInfrastructure },
  { name: 'infrastructure-cluster', whole: false, open: clusterDialog },
  { name: 'palette', whole: false, open: palette },
  { name: 'lost', open: (page) => look(page, '/p/nowhere', 'There is no project nowhere') }
]

async function firstPassword(page: Page): Promise<void> {
  await page.route('**/api/v1/session', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), mustChangePassword: true } })
  })
  await look(page, '/', 'Choose your own password')
}

async function editor(page: Page): Promise<void> {
  await look(page, workflow, SHOP_WORKFLOW)
  await page.getByText('Valid', { exact: true }).waitFor()
  await page.locator('.react-flow__node').first().waitFor()
}

async function saveDialog(page: Page): Promise<void> {
  await editor(page)
  await page.locator('.cm-content').first().click()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.insertText('# Half a minute is what customers wait.\n')
  await page.getByRole('button', { name: /Commit to/ }).click()
  await page.getByRole('dialog').locator('.cm-content').waitFor()
}

async function deleteDialog(page: Page): Promise<void> {
  await editor(page)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete workflow' }).click()
  await page.getByRole('dialog').waitFor()
}

async function newWorkflow(page: Page): Promise<void> {
  await look(page, `/p/${PROJECT}/workflows/new`, 'New workflow')
  await page.getByText('Valid', { exact: true }).waitFor()
}

async function failedRun(page: Page): Promise<void> {
  await page.goto(`/p/${PROJECT}/runs?verdict=fail&cause=workload-change`)
  await page.locator('tbody a').first().click()
  await page.getByText('Probe failed').first().waitFor()
  await page.locator('.react-flow__node').first().waitFor()
}

async function liveRun(page: Page): Promise<void> {
  await page.goto(workflow)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.waitForURL('**/runs/*')
  await page.getByText('harm applied').or(page.getByText('effect proved')).first().waitFor()
}

async function gitopsForm(page: Page): Promise<void> {
  await look(page, `/p/${NEW_PROJECT}/settings/gitops`, 'Settings')
  await page.getByText('In a git repository').click()
  await page.getByLabel('Repository address').fill('https://github.com/example/chaos.git')
}

async function gitopsWrongAddress(page: Page): Promise<void> {
  await gitopsForm(page)
  await page.getByRole('radio', { name: 'SSH key, with an SSH address' }).check()
  await page.getByText('takes no SSH key').waitFor()
}

/** The keys of github.com are those that GitHub publishes; nobody is called for a picture. */
async function gitopsSsh(page: Page): Promise<void> {
  await page.route('**/gitops/host-keys', (route) => route.fulfill({ json: { keys: GITHUB_KEYS } }))
  await gitopsWrongAddress(page)
  await page.getByRole('button', { name: 'Use git@github.com' }).click()
  const key = page.getByRole('region', { name: 'public key' })
  const generate = page.getByRole('button', { name: 'Generate key' })
  await key.or(generate).waitFor()
  if (await generate.isVisible()) await generate.click()
  await key.waitFor()
  await page.getByRole('button', { name: 'Look at the host key' }).click()
  await page.getByRole('button', { name: 'Confirm ssh-ed25519' }).click()
}

const GITHUB_KEYS = [
  {
    type: 'ssh-ed25519',
    fingerprint: 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
    line: 'ssh-ed25519 one'
  },
  {
    type: 'ecdsa-sha2-nistp256',
    fingerprint: 'SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM',
    line: 'ecdsa-sha2-nistp256 two'
  }
]

async function gitopsOwnKey(page: Page): Promise<void> {
  await gitopsWrongAddress(page)
  await page.getByRole('button', { name: 'Use git@github.com' }).click()
  await page.getByRole('radio', { name: 'Use my own key' }).check()
  await page.getByRole('button', { name: 'Paste known_hosts lines' }).click()
}

/** What enabling would do, as the server would say it of a repository with work on both sides. */
async function gitopsEnable(page: Page): Promise<void> {
  await page.route('**/gitops/preview', (route) => route.fulfill({ json: { creates: 'branch', items: PREVIEW } }))
  await page.route('**/gitops', async (route) => {
    if (route.request().method() !== 'PUT') return route.fallback()
    const stored = await (await route.fetch({ method: 'GET' })).json()
    return route.fulfill({ json: { ...stored, ...route.request().postDataJSON() } })
  })
  await gitopsForm(page)
  await page.getByRole('button', { name: 'Save and preview' }).click()
  await page.getByRole('radio', { name: 'By trailer only' }).check()
}

const PREVIEW = [
  { path: 'litmus/payments/card-latency.yaml', action: 'import', problems: [] },
  { path: 'litmus/payments/refund-outage.yaml', action: 'export', problems: [] },
  { path: 'litmus/payments/notes.yaml', action: 'refused', problems: [] }
]

async function connectInfrastructure(page: Page): Promise<void> {
  await look(page, `/p/${NEW_PROJECT}/infrastructures`, 'Infrastructures')
  await page.getByRole('button', { name: 'Add infrastructure' }).click()
  await page.getByLabel('Name').fill(`staging-${Date.now().toString(36)}`)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('Waiting for the agent').waitFor()
}

async function clusterDialog(page: Page): Promise<void> {
  await look(page, `/p/${NEW_PROJECT}/infrastructures`, 'Infrastructures')
  await page.getByRole('button', { name: 'Add infrastructure' }).click()
  await page.getByLabel('Name').fill('production')
  await page.getByLabel('Kubernetes').check()
  await page.getByLabel('Faults may harm whole nodes').check()
}

async function palette(page: Page): Promise<void> {
  await look(page, `/p/${PROJECT}`, 'Overview')
  await page.keyboard.press('Control+K')
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('ch')
  await page.getByRole('option').nth(3).waitFor()
}
