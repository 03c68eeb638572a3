import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CreatedToken, Plan } from '../src/contract/index.ts'
import type { Clone } from '../src/demo/repository.ts'
import { shopWorkflow } from '../src/demo/shop/workflow.ts'
import { readCheckout } from '../src/main/checkout.ts'
import { faultline } from './harness/command.ts'
import { cloneOf, connectProject, startTestServer, type TestServer } from './harness/server.ts'

/** What a pass would do, told by the command line before it is done; the poll is slow, so that no pass comes first. */
let server: TestServer
let person: Clone
let token: string
const FOLDER = 'litmus/shop'
const NAMES = ['cart', 'reviews', 'catalog', 'payments']

beforeAll(async () => {
  server = await startTestServer()
  person = await cloneOf(server, await connectProject(server, 'shop', { pollSeconds: 3600 }))
  for (const name of NAMES) await person.push(`${FOLDER}/${name}.yaml`, shopWorkflow(name), `Add ${name}`)
  await server.api.post('/projects/shop/gitops/sync')
  const wish = { name: 'pull requests', scopes: ['read'], project: 'shop' }
  token = (await server.api.post<CreatedToken>('/tokens', wish)).secret
})
afterAll(() => server.close())

function plan(...more: string[]) {
  const env = { FAULTLINE_SERVER_URL: server.url.href, FAULTLINE_TOKEN: token }
  return faultline(['plan', '--project', 'shop', ...more], env).ended
}
/** the same by the API: a process for each would take its time */
const planned = async (root: string) =>
  server.api.post<Plan>('/projects/shop/gitops/plan', { files: await readCheckout(root, FOLDER) })
const slower = (name: string) => shopWorkflow(name).replaceAll('3000', '4000')
/** path → text below the project's folder; the ones not named are as git has them, null = there is none */
async function checkout(changes: Record<string, string | null>): Promise<string> {
  const root = join(server.folder, `checkout-${crypto.randomUUID()}`)
  await mkdir(join(root, FOLDER, 'nightly'), { recursive: true })
  const texts = { ...Object.fromEntries(NAMES.map((name) => [`${name}.yaml`, shopWorkflow(name)])), ...changes }
  for (const [path, text] of Object.entries(texts)) if (text !== null) await writeFile(join(root, FOLDER, path), text)
  return root
}

it('0: nothing to do; 4, if asked for, where a push would change something', async () => {
  expect(await plan()).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') })
  expect((await planned(await checkout({}))).items).toEqual([])
  const root = await checkout({
    'cart.yaml': slower('cart'),
    'nightly/new.yaml': shopWorkflow('new'),
    'reviews.yaml': null
  })
  const { code, stdout, stderr } = await plan('--from', root, '--detailed-exit-code')
  expect(code).toBe(4)
  expect(stdout).toBe(
    `main, ${FOLDER}
change   ${FOLDER}/cart.yaml: It was changed in git.
import   ${FOLDER}/nightly/new.yaml: It is new in git.
delete   ${FOLDER}/reviews.yaml: It was deleted in git.
3 changes
`
  )
  expect(stderr).toContain('files of')
})

it('1: what needs a person, with its line; as annotations of a pull request too', async () => {
  const root = await checkout({ 'cart.yaml': 'kind: Workflow\nspec: [', 'copy.yaml': shopWorkflow('reviews') })
  await symlink('cart.yaml', join(root, FOLDER, 'link.yaml'))
  const { code, stdout } = await plan('--from', root)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^invalid {2}litmus\/shop\/cart\.yaml:\d+:\d+: error: /m)
  expect(stdout).toMatch(/^invalid {2}litmus\/shop\/copy\.yaml:1:1: error: The name reviews is taken by/m)
  expect(stdout).toMatch(
    /^refused {2}litmus\/shop\/link\.yaml:1:1: error: This file is not read: it is no regular file/m
  )
  expect(stdout).toMatch(/3 need a person\n$/)
  const annotated = await plan('--from', root, '--output', 'github')
  expect(annotated.stdout).toMatch(/^::error file=litmus\/shop\/cart\.yaml,line=\d+,col=\d+,title=/m)
})

it('too many files are gone: their deletion would be withheld', async () => {
  const root = await checkout({ 'cart.yaml': null, 'reviews.yaml': null, 'payments.yaml': null })
  const { items } = await planned(root)
  expect(items.map(({ path, action }) => `${action} ${path.slice(FOLDER.length + 1)}`)).toEqual([
    'withhold cart.yaml',
    'withhold payments.yaml',
    'withhold reviews.yaml'
  ])
})

it('tells which runs a push would start, as the project lets it', async () => {
  const { url, branch } = await server.api.gitops('shop')
  await server.api.put('/projects/shop/gitops', { url, branch, runOnPush: 'changed' })
  const root = await checkout({ 'cart.yaml': slower('cart') })
  expect((await plan('--from', root)).stdout).toContain(
    'cart.yaml: It was changed in git. The push starts a run of it.'
  )
  await server.api.put('/projects/shop/gitops', { url, branch, runOnPush: 'never' })
  expect((await planned(root)).items).toMatchObject([{ action: 'change', startsRun: false }])
})

it('of git itself: what was pushed and is not synced yet; planned twice, and nothing is changed', async () => {
  // the last pass that anybody knocks at before it is pushed
  await server.api.post('/projects/shop/gitops/sync')
  const pushed = await person.push(`${FOLDER}/catalog.yaml`, slower('catalog'), 'Slower')
  for (let count = 0; count < 2; count++) {
    const { code, stdout } = await plan('--output', 'json', '--detailed-exit-code')
    expect(code).toBe(4)
    const { commit, items } = JSON.parse(stdout) as Plan
    expect([commit, items]).toEqual([
      pushed,
      [expect.objectContaining({ path: `${FOLDER}/catalog.yaml`, action: 'change', name: 'catalog', startsRun: false })]
    ])
  }
  expect((await server.api.workflow('shop', 'catalog')).text).toBe(shopWorkflow('catalog'))
})

it('edits that wait are planned too: exported, or in conflict with what is pushed', async () => {
  await server.api.post('/projects/shop/gitops/pause')
  const { etag } = await server.api.workflow('shop', 'cart')
  await server.api.saveWorkflow('shop', 'cart', { text: slower('cart'), etag, message: 'Slower', wait: false })
  expect((await planned(await checkout({}))).items).toMatchObject([
    { path: 'litmus/shop/cart.yaml', action: 'export', note: 'The edit of Admin becomes a commit: Slower' }
  ])
  const { code, stdout } = await plan('--from', await checkout({ 'cart.yaml': null }))
  expect([code, stdout]).toEqual([
    1,
    expect.stringContaining('conflict litmus/shop/cart.yaml: Git has deleted it meanwhile. The edit of Admin waits')
  ])
})

it('2: a folder that is no checkout of it; 3: paused, or GitOps is off', async () => {
  expect(await plan('--from', server.folder)).toMatchObject({ code: 2, stderr: expect.stringContaining(FOLDER) })
  expect(await plan()).toMatchObject({ code: 3, stderr: expect.stringContaining('paused') })
  await server.api.post('/projects/shop/gitops/resume')
  await server.api.post('/projects/shop/gitops/disable')
  expect(await plan()).toMatchObject({ code: 3, stderr: expect.stringContaining('GitOps is off') })
})
