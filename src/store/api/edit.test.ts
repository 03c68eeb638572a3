import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../../test/harness/database.ts'
import { blobId } from '../blob-id.ts'
import { suspensionOf } from '../sync/suspension.ts'
import { insertEditRequest, type NewEditRequest } from './insert.ts'

const now = new Date('2026-05-04T10:00:00Z')
const path = 'litmus/shop/cart.yaml'
let store: TestStore

beforeAll(async () => {
  store = await testStore()
  await store.db.insertInto('projects').values({ id: 'shop', name: 'Shop', createdAt: now }).execute()
})

afterAll(() => store.close())

beforeEach(async () => {
  await store.db.deleteFrom('editRequests').execute()
  await store.db.deleteFrom('files').execute()
  await store.db
    .insertInto('files')
    .values({
      projectId: 'shop',
      path,
      blob: 'b3',
      commit: 'c3',
      state: 'good',
      problems: null,
      rulesVersion: '1',
      seenAt: now
    })
    .execute()
  await store.db.deleteFrom('withheld').execute()
  await store.db.deleteFrom('revisions').execute()
  await store.db.deleteFrom('definitions').execute()
  await store.db
    .insertInto('definitions')
    .values({
      id: 'd1',
      projectId: 'shop',
      kind: 'Workflow',
      path,
      name: 'cart',
      revision: 3,
      gitBlob: 'b3',
      createdAt: now,
      updatedAt: now
    })
    .execute()
  await store.db
    .insertInto('revisions')
    .values({
      definitionId: 'd1',
      number: 3,
      text: 'three',
      blob: 'b',
      sha256: 's',
      author: 'Ada',
      origin: 'git',
      createdAt: now
    })
    .execute()
})

function edit(change: Partial<NewEditRequest>): NewEditRequest {
  return {
    projectId: 'shop',
    path,
    name: 'cart',
    action: 'save',
    head: 'three',
    text: 'four',
    message: 'Change cart',
    author: 'Ada',
    authorEmail: 'ada@example.org',
    now,
    ...change
  }
}

const byBob = { author: 'Bob', authorEmail: 'bob@example.org' }
const submit = (change: Partial<NewEditRequest>) => insertEditRequest(store.db, edit(change))

async function bases(): Promise<(string | null)[]> {
  const rows = await store.db.selectFrom('editRequests').select('baseBlob').orderBy('number').execute()
  return rows.map((row) => row.baseBlob)
}

async function states(): Promise<string[]> {
  const rows = await store.db.selectFrom('editRequests').select(['text', 'state']).orderBy('number').execute()
  return rows.map((row) => `${row.text ?? 'none'} ${row.state}`)
}

test('a save of the text that is shown is accepted, and kept with what git had then', async () => {
  const answer = await submit({})
  expect(answer).toMatchObject({ kind: 'accepted' })
  const row = await store.db.selectFrom('editRequests').selectAll().executeTakeFirstOrThrow()
  expect(row).toMatchObject({ text: 'four', state: 'open', baseBlob: 'b3', tries: [], author: 'Ada' })
})

test('of two people who save the same text at once, one is accepted and the other is told', async () => {
  const answers = await Promise.all([submit({ text: 'ada' }), submit({ text: 'bob', ...byBob })])
  expect(answers.map((answer) => answer.kind).sort()).toEqual(['accepted', 'stale'])
  expect(await states()).toHaveLength(1)
})

test('the base of a new edit is the text of the last queued one', async () => {
  await submit({ text: 'four' })
  expect(await submit({ head: 'three', text: 'five', ...byBob })).toEqual({ kind: 'stale' })
  expect(await submit({ head: 'four', text: 'five', ...byBob })).toMatchObject({ kind: 'accepted' })
  expect(await states()).toEqual(['four open', 'five open'])
  expect(await bases()).toEqual(['b3', blobId('four')])
})

test('a newer edit of the same author supersedes the older one, unless it is being pushed', async () => {
  await submit({ text: 'four' })
  await submit({ head: 'four', text: 'five' })
  expect(await states()).toEqual(['four superseded', 'five open'])
  await store.db.updateTable('editRequests').set({ tries: '["c0ffee"]' }).where('text', '=', 'five').execute()
  await submit({ head: 'five', text: 'six' })
  expect(await states()).toEqual(['four superseded', 'five open', 'six open'])
  expect(await bases()).toEqual(['b3', 'b3', blobId('five')])
})

test("an edit that somebody else's builds on is not superseded", async () => {
  await submit({ text: 'four' })
  await submit({ head: 'four', text: 'five', ...byBob })
  await submit({ head: 'five', text: 'six' })
  expect(await states()).toEqual(['four open', 'five open', 'six open'])
})

test('a new workflow needs a free path and a free name, also among those on their way', async () => {
  const fresh = { path: 'litmus/shop/pay.yaml', name: 'pay', head: null, text: 'pay' }
  expect(await submit({ head: null })).toEqual({ kind: 'exists' })
  expect(await submit({ ...fresh, name: 'cart' })).toEqual({ kind: 'exists' })
  const both = await Promise.all([submit(fresh), submit({ ...fresh, ...byBob })])
  expect(both.map((answer) => answer.kind).sort()).toEqual(['accepted', 'exists'])
  expect(await submit({ ...fresh, path: 'litmus/shop/other.yaml' })).toEqual({ kind: 'exists' })
})

test('what is gone, or about to go, cannot be edited', async () => {
  expect(await submit({ path: 'litmus/shop/none.yaml' })).toEqual({ kind: 'missing' })
  await submit({ action: 'delete', text: null })
  expect(await submit(byBob)).toEqual({ kind: 'missing' })
})

test('a requested deletion suspends automatic runs at once, and whoever asked for it may take it back', async () => {
  expect(await suspensionOf(store.db, 'd1')).toBeNull()
  await submit({ action: 'delete', text: null })
  expect(await suspensionOf(store.db, 'd1')).toContain('Ada')
  await submit({ text: 'four' })
  expect(await suspensionOf(store.db, 'd1')).toBeNull()
})

test('a withheld deletion suspends the paths that it lists; a missing branch suspends all', async () => {
  const withhold = (kind: 'deletions' | 'missing-branch', paths: string[]) =>
    store.db
      .insertInto('withheld')
      .values({
        id: kind,
        projectId: 'shop',
        kind,
        detail: JSON.stringify({ tip: null, before: null, paths }),
        state: 'waiting',
        createdAt: now
      })
      .execute()
  await withhold('deletions', ['litmus/shop/other.yaml'])
  expect(await suspensionOf(store.db, 'd1')).toBeNull()
  await store.db.deleteFrom('withheld').execute()
  await withhold('deletions', [path])
  expect(await suspensionOf(store.db, 'd1')).toContain('approval')
  await store.db.deleteFrom('withheld').execute()
  await withhold('missing-branch', [])
  expect(await suspensionOf(store.db, 'd1')).toContain('branch')
})

test('a conflict is resolved once; without one there is nothing to resolve', async () => {
  expect(await submit({ action: 'keep-git', text: null, head: null })).toEqual({ kind: 'stale' })
  await submit({ text: 'four' })
  await store.db.updateTable('editRequests').set({ state: 'conflict' }).execute()
  expect(await submit({ action: 'keep-portal' })).toMatchObject({ kind: 'accepted' })
  expect(await submit({ action: 'keep-git', text: null, ...byBob })).toEqual({ kind: 'stale' })
})

test('who waits for edits is told when the edit is durable', async () => {
  const heard: (string | null)[] = []
  await store.db.insertInto('projects').values({ id: 'told', name: 'Told', createdAt: now }).execute()
  const end = store.notifier.subscribe('edit', (payload) => heard.push(payload))
  await submit({ projectId: 'told', head: null })
  await expect.poll(() => heard).toContain('told')
  end()
})
