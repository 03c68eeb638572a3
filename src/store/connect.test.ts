import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../test/harness/database.ts'
import { Secret, silentLogger } from '../platform/index.ts'
import { openStore, transaction } from './index.ts'

let store: TestStore

beforeAll(async () => {
  store = await testStore()
})

afterAll(() => store.close())

function addProject(id: string) {
  return store.db.insertInto('projects').values({ id, name: id, createdAt: new Date() }).execute()
}

test('counts are numbers, times are dates, and keys inside JSON stay as they are', async () => {
  const body = { snake_case: 1, camelCase: { 'a.b/c_d': true } }
  await store.db
    .insertInto('audit')
    .values({ id: 'a1', at: new Date(0), actor: 'x', action: 'y', target: 'z', after: JSON.stringify(body) })
    .execute()
  const row = await store.db.selectFrom('audit').selectAll().executeTakeFirstOrThrow()
  expect(row).toMatchObject({ at: new Date(0), projectId: null, after: body })
  const counted = await store.db
    .selectFrom('audit')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  expect(counted.count).toBe(1)
})

test('connections that were lost are replaced', async () => {
  await Promise.all(Array.from({ length: 5 }, () => sql`select pg_sleep(0.02)`.execute(store.db)))
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(store.db)
  await expect
    .poll(() =>
      Promise.all(Array.from({ length: 5 }, () => addAndRemove())).then(
        () => 'works',
        () => 'lost'
      )
    )
    .toBe('works')
})

async function addAndRemove(): Promise<void> {
  await sql`select 1`.execute(store.db)
}

test('a connection that is lost inside a transaction fails it as unavailable; nothing of it is kept', async () => {
  const lost = transaction(store.db, async (tx) => {
    await tx.insertInto('projects').values({ id: 'half', name: 'half', createdAt: new Date() }).execute()
    await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx)
  })
  await expect(lost).rejects.toMatchObject({ code: 'store/unavailable', kind: 'transient' })
  expect(await store.db.selectFrom('projects').select('id').where('id', '=', 'half').execute()).toEqual([])
})

test('a key that exists is a conflict; a wrong statement is our bug; neither tells the values', async () => {
  await addProject('shop')
  await expect(addProject('shop')).rejects.toMatchObject({
    code: 'store/conflict',
    kind: 'clash',
    details: { constraint: 'projects_pkey' }
  })
  const wrong = sql`select * from no_such_table where x = ${'a secret value'}`.execute(store.db)
  await expect(wrong).rejects.toMatchObject({ code: 'store/query-failed', kind: 'bug' })
  await expect(wrong).rejects.not.toThrow('a secret value')
})

test('a transaction inside a transaction is the same one', async () => {
  const outer = transaction(store.db, async (tx) => {
    await transaction(tx, (inner) => sql`insert into projects values ('inner', 'inner', now())`.execute(inner))
    throw new Error('all or nothing')
  })
  await expect(outer).rejects.toThrow('all or nothing')
  expect(await store.db.selectFrom('projects').select('id').where('id', '=', 'inner').execute()).toEqual([])
})

test('a database that cannot be reached is named as the reason, without its password', async () => {
  const url = new Secret('postgresql://faultline:hunter2hunter2@127.0.0.1:1/none')
  const opened = openStore({ databaseUrl: url, log: silentLogger(), onGone: () => undefined })
  await expect(opened).rejects.toMatchObject({
    code: 'store/unavailable',
    message: expect.stringContaining('127.0.0.1:1')
  })
  await expect(opened).rejects.not.toThrow('hunter2')
})
