import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestStore, testStore } from '../../test/harness/database.ts'
import { notify, transaction } from './index.ts'

let store: TestStore

beforeAll(async () => {
  store = await testStore()
})

afterAll(() => store.close())

function listen(topic: 'edit' | 'fact') {
  const heard: (string | null)[] = []
  return { heard, end: store.notifier.subscribe(topic, (payload) => heard.push(payload)) }
}

test('a notification is told when its transaction commits, and never when it does not', async () => {
  const { heard, end } = listen('edit')
  const failed = transaction(store.db, async (tx) => {
    await notify(tx, 'edit', 'lost')
    throw new Error('changed my mind')
  })
  await expect(failed).rejects.toThrow('changed my mind')
  await transaction(store.db, async (tx) => {
    await notify(tx, 'edit', 'kept')
    await notify(store.db, 'edit', 'outside')
    await expect.poll(() => heard).toEqual(['outside'])
  })
  await expect.poll(() => heard).toEqual(['outside', 'kept'])
  end()
})

test('each topic has its own listeners, and one that ended hears nothing', async () => {
  const [edit, fact, ended] = [listen('edit'), listen('fact'), listen('fact')]
  ended.end()
  await notify(store.db, 'edit', 'e')
  await notify(store.db, 'fact', 'it\'s; "quoted" ✓')
  await expect.poll(() => [edit.heard, fact.heard, ended.heard]).toEqual([['e'], ['it\'s; "quoted" ✓'], []])
  edit.end()
  fact.end()
})

test('a listener that fails keeps the others in the picture', async () => {
  const end = store.notifier.subscribe('edit', () => {
    throw new Error('broken listener')
  })
  const good = listen('edit')
  await notify(store.db, 'edit', 'x')
  await expect.poll(() => good.heard).toEqual(['x'])
  end()
  good.end()
})

test('after a lost connection every listener is told to look again, and hears what comes after', async () => {
  const [edit, fact] = [listen('edit'), listen('fact')]
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(store.db)
  await expect.poll(() => [edit.heard, fact.heard], { timeout: 5_000 }).toEqual([[null], [null]])
  await notify(store.db, 'edit', 'after')
  await expect.poll(() => edit.heard).toEqual([null, 'after'])
  edit.end()
  fact.end()
})
