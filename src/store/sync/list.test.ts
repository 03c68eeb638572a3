import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../../test/harness/database.ts'
import { seedProject } from '../../../test/harness/rows.ts'
import { attentionPaths, countPaths, listPaths, pathsRunLast } from './list.ts'

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
  let page = await listPaths(store.db, 'shop', { only: 'workflows', limit: 999 })
  while (page.length > 0) {
    seen.push(...page.map(({ name }) => name))
    const after = page.at(-1)
    page = await listPaths(store.db, 'shop', { only: 'workflows', limit: 999, ...(after && { after }) })
  }
  expect(seen).toEqual(['Bad.yaml', ...Array.from({ length: WORKFLOWS }, (_, n) => `w${n + 1}`).toSorted()])
})

test('what is looked for is in the name or in the path', async () => {
  expect(await listPaths(store.db, 'shop', { only: 'workflows', q: 'Bad', limit: 5 })).toEqual([
    { name: 'Bad.yaml', path: 'litmus/shop/Bad.yaml' }
  ])
  expect(
    (await listPaths(store.db, 'shop', { only: 'workflows', q: 'shop/w9999', limit: 5 })).map(({ name }) => name)
  ).toEqual(['w9999'])
})

test('event policies stand in a list of their own', async () => {
  await sql`
    insert into definitions (id, project_id, kind, path, name, revision, created_at, updated_at)
    select 'p' || n, 'shop', (array['EventPolicy', 'EventTrackerPolicy'])[n], 'litmus/shop/p' || n || '.yaml', 'p' || n, 1,
      now(), now() from generate_series(1, 2) n`.execute(store.db)
  const edit = (id: string, text: string) =>
    sql`insert into edit_requests (id, project_id, path, name, action, text, message, author, author_email, state, tries, created_at)
      values (${id}, 'shop', ${`litmus/shop/${id}.yaml`}, ${id}, 'save', ${text}, 'm', 'a', 'a@b', 'open', '[]', now())`.execute(
      store.db
    )
  await edit('new-policy', 'apiVersion: faultline.dev/v1\nkind: EventPolicy\n')
  await edit('a-workflow', 'kind: Workflow\nmetadata: {annotations: {was: "kind: EventPolicy"}}\n')
  const names = async (only: 'workflows' | 'policies') =>
    (await listPaths(store.db, 'shop', { only, limit: 3 })).map(({ name }) => name)
  expect(await names('policies')).toEqual(['new-policy', 'p1', 'p2'])
  expect(await names('workflows')).toEqual(['Bad.yaml', 'a-workflow', 'w1'])
  await sql`delete from edit_requests where id = 'a-workflow'`.execute(store.db)
})

test('how many lines it has, and how many of them are workflows', async () => {
  expect(await countPaths(store.db, 'shop')).toEqual({ total: WORKFLOWS + 1, workflows: WORKFLOWS })
})

test('where a person is asked: bad files, conflicts and withheld deletions, the first of them and how many', async () => {
  // the last one is gone already
  const paths = ['litmus/shop/w2.yaml', 'litmus/shop/w7.yaml', 'litmus/shop/gone.yaml']
  await sql`
    insert into withheld (id, project_id, kind, state, detail, created_at)
    values ('h1', 'shop', 'deletions', 'waiting', ${JSON.stringify({ paths })}, now())`.execute(store.db)
  await sql`update definitions set conflict = '{}' where id = 'd3'`.execute(store.db)
  expect(await attentionPaths(store.db, 'shop', 3)).toEqual({
    total: 4,
    paths: ['litmus/shop/Bad.yaml', 'litmus/shop/w2.yaml', 'litmus/shop/w3.yaml']
  })
})

test('workflows that ran last, each once, without the deleted ones', async () => {
  await sql`
    insert into runs (id, project_id, definition_id, workflow, revision, infrastructure_id, plan, cause, phase, verdict,
      lease_number, merged_seq, created_at)
    select 'r' || place, 'shop', 'd' || of, 'w' || of, 1, 'infra-shop', '{}', '{}', 'completed', 'pass', 1, 1, now()
    from unnest(array[5, 9, 5, 6, 4, 6]) with ordinality as ran (of, place)`.execute(store.db)
  await sql`update definitions set deleted_at = now() where id = 'd4'`.execute(store.db)
  expect(await pathsRunLast(store.db, 'shop', 2)).toEqual(['litmus/shop/w6.yaml', 'litmus/shop/w5.yaml'])
})
