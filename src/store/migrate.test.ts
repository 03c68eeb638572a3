import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../test/harness/database.ts'
import { LATEST_MIGRATION, migrate } from './migrate.ts'

let store: TestStore

beforeAll(async () => {
  store = await testStore()
})

afterAll(() => store.close())

async function done(): Promise<string[]> {
  const found = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(store.db)
  return found.rows.map((row) => row.name)
}

test('migrating again, also from several servers at once, changes nothing', async () => {
  const before = await done()
  await Promise.all([migrate(store.db), migrate(store.db), migrate(store.db)])
  expect(await done()).toEqual(before)
  expect(before.at(-1)).toBe(LATEST_MIGRATION)
})

test('servers that start at once on an empty database make the tables once', async () => {
  await sql`drop schema public cascade`.execute(store.db)
  await sql`create schema public`.execute(store.db)
  await Promise.all([migrate(store.db), migrate(store.db), migrate(store.db)])
  expect((await done()).at(-1)).toBe(LATEST_MIGRATION)
})

test('a step whose number is lower than those that were done is done as well', async () => {
  const all = await done()
  await sql`drop schema public cascade`.execute(store.db)
  await sql`create schema public`.execute(store.db)
  const late = '0042-key-rotation'
  await migrate(
    store.db,
    all.filter((name) => name !== late)
  )
  expect(await done()).not.toContain(late)
  await migrate(store.db)
  expect(await done()).toEqual(all)
})

test('a database that a newer release has used is refused, and named', async () => {
  await sql`insert into kysely_migration (name, timestamp) values ('9999-later', 'now')`.execute(store.db)
  await expect(migrate(store.db)).rejects.toMatchObject({
    code: 'store/newer-database',
    message: expect.stringContaining('9999-later')
  })
})
