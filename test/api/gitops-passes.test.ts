import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Pass, PassItems, PassTexts } from '../../src/contract/index.ts'
import { shopWorkflow } from '../../src/demo/shop/workflow.ts'
import { cloneOf, connectProject, startTestServer, type TestServer } from '../harness/server.ts'

/** The history of sync passes says what each did, from which commit to which, with the texts before and after. */

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const sync = (project: string) => server.api.post(`/projects/${project}/gitops/sync`)
const at = (project: string) => `/projects/${project}/gitops/passes`
const list = (project: string, query = '') =>
  server.api.get<{ items: Pass[]; next: string | null }>(`${at(project)}${query}`)
const items = async (project: string, pass: string) => (await server.api.get<PassItems>(`${at(project)}/${pass}`)).items
const texts = (project: string, pass: string, item = 0) =>
  server.api.get<PassTexts>(`${at(project)}/${pass}/items/${item}`)
const one = shopWorkflow('one')

it('a file that comes, changes, moves and goes: each pass from commit to commit, with both texts', async () => {
  const person = await cloneOf(server, await connectProject(server, 'texts', { pollSeconds: 3600 }))
  const start = await person.head()
  const added = await person.push('litmus/texts/one.yaml', one, 'Add one')
  await sync('texts')
  const changed = await person.push('litmus/texts/one.yaml', `${one}# two\n`, 'Change one')
  await sync('texts')
  await person.git('mv', 'litmus/texts/one.yaml', 'litmus/texts/first.yaml')
  const moved = await person.push('litmus/texts/first.yaml', `${one}# two\n`, 'Move one')
  await sync('texts')
  const removed = await person.remove('litmus/texts/first.yaml', 'Remove one')
  await sync('texts')
  const passes = (await list('texts')).items.slice(0, 4)
  expect(passes.map(({ outcome, from, tip, counts }) => ({ outcome, from, tip, counts }))).toEqual([
    { outcome: 'changed', from: moved, tip: removed, counts: { delete: 1 } },
    { outcome: 'changed', from: changed, tip: moved, counts: { move: 1 } },
    { outcome: 'changed', from: added, tip: changed, counts: { update: 1 } },
    { outcome: 'changed', from: start, tip: added, counts: { create: 1 } }
  ])
  const [gone, move, update, create] = passes.map(({ id }) => id) as [string, string, string, string]
  expect(await items('texts', move)).toMatchObject([
    { path: 'litmus/texts/first.yaml', note: expect.stringContaining('litmus/texts/one.yaml'), hasTexts: false }
  ])
  expect(await texts('texts', create)).toEqual({ before: null, after: one, tooLarge: false })
  expect(await texts('texts', update)).toEqual({ before: one, after: `${one}# two\n`, tooLarge: false })
  expect(await texts('texts', gone)).toEqual({ before: `${one}# two\n`, after: null, tooLarge: false })
  await expect(texts('texts', move)).rejects.toMatchObject({ code: 'api/unknown-difference-of-texts' })
  await expect(texts('texts', 'none')).rejects.toMatchObject({ code: 'api/unknown-pass' })
})

it('an edit from here is a commit with its difference', async () => {
  await connectProject(server, 'edits', { pollSeconds: 3600 })
  await server.api.createWorkflow('edits', one, 'Add one')
  await sync('edits')
  const { etag } = await server.api.workflow('edits', 'one')
  await server.api.saveWorkflow('edits', 'one', { text: `${one}# here\n`, etag, message: 'Say here' })
  const [pass] = (await list('edits')).items
  expect(pass?.counts).toEqual({ commit: 1 })
  expect(await texts('edits', pass?.id ?? '')).toEqual({ before: one, after: `${one}# here\n`, tooLarge: false })
})

it('pushes about something else are one line, and what failed is found by its outcome', async () => {
  const person = await cloneOf(server, await connectProject(server, 'else', { pollSeconds: 3600 }))
  const before = await person.head()
  await person.push('a.md', 'a', 'A')
  await sync('else')
  const after = await person.push('b.md', 'b', 'B')
  await sync('else')
  const nothing = (await list('else', '?outcome=nothing')).items
  expect(nothing).toMatchObject([{ outcome: 'nothing', from: before, tip: after, counts: {} }])
  await person.git('commit', '--quiet', '--amend', '--message', 'B again')
  await person.git('push', '--quiet', '--force', 'origin', 'HEAD:main')
  await sync('else')
  expect((await list('else', '?outcome=withheld')).items).toMatchObject([{ outcome: 'withheld', from: after }])
  await expect(list('else', '?outcome=splendid')).rejects.toMatchObject({ code: 'api/invalid' })
})

it('comes in pages, and texts beyond a bound are not sent', async () => {
  const first = await list('texts', '?limit=2')
  const rest = await list('texts', `?limit=200&cursor=${first.next}`)
  expect([...first.items, ...rest.items]).toEqual((await list('texts')).items)
  const person = await cloneOf(server, await connectProject(server, 'large', { pollSeconds: 3600 }))
  await person.push('litmus/large/one.yaml', `${one}${`# ${'x'.repeat(100)}\n`.repeat(3000)}`, 'Add much')
  await sync('large')
  const [pass] = (await list('large')).items
  expect(await texts('large', pass?.id ?? '')).toEqual({ before: null, after: null, tooLarge: true })
})
