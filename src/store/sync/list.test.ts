import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../../test/harness/database.ts'
import { seedProject } from '../../../test/harness/rows.ts'
import { listPaths } from './list.ts'

const WORKFLOWS = 10_000
let store: TestStore

beforeAll(async () => {
  store = await testStore()
  await seedProject(store, 'shop')
  await sql`
    insert into definitions (id, project_id, kind, path, name, revision, created_at, updated_at)
    select 'd' || n, 'shop', 'Workflow', 'litmus/shop/w' || n || '.yaml', 'w' || n, 1, now(), now()
    from generate_series(1, ${WORKFLOWS}) n`.execute(store.db)
  await sql`
    insert into files (project_id, path, blob, commit, state, rules_version, seen_at)
    select 'shop', 'litmus/shop/w' || n || '.yaml', 'b', 'c', case when n = 7 then 'invalid' else 'good' end, '1', now()
    from generate_series(1, ${WORKFLOWS}) n`.execute(store.db)
  await sql`
    insert into files (project_id, path, blob, commit, state, rules_version, seen_at)
    values ('shop', 'litmus/shop/Bad.yaml', 'b', 'c', 'invalid', '1', now())`.execute(store.db)
  await sql`analyze definitions, files`.execute(store.db)
})
afterAll(() => store.close())

test('its pages, one after the other, are the whole list, each line once and in order', async () => {
  const seen: string[] = []
  let page = await listPaths(store.db, 'shop', { limit: 999 })
  while (page.length > 0) {
    seen.push(...page.map(({ name }) => name))
    const after = page.at(-1)
    page = await listPaths(store.db, 'shop', { limit: 999, ...(after && { after }) })
  }
  expect(seen).toEqual(['Bad.yaml', ...Array.from({ length: WORKFLOWS }, (_, n) => `w${n + 1}`).toSorted()])
})

test('what is looked for is in the name or in the path', async () => {
  expect(await listPaths(store.db, 'shop', { q: 'Bad', limit: 5 })).toEqual([
    { name: 'Bad.yaml', path: 'litmus/shop/Bad.yaml' }
  ])
  expect((await listPaths(store.db, 'shop', { q: 'shop/w9999', limit: 5 })).map(({ name }) => name)).toEqual(['w9999'])
})
