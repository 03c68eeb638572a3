import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { Secret, silentLogger } from '../../src/platform/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { databaseUrl, TEMPLATE } from './database-server.ts'

export interface TestStore extends Store {
  /** for fixtures in processes of their own */
  databaseUrl: string
}

/** A store on a new, migrated database of the test run's server; `close()` drops the database. One per test file. */
export async function testStore(): Promise<TestStore> {
  const { url, drop } = await testDatabase(TEMPLATE)
  const store = await openStore({ databaseUrl: new Secret(url), log: silentLogger(), onGone: () => undefined })
  const close = async () => {
    await store.close()
    await drop()
  }
  return { ...store, close, databaseUrl: url }
}

/** A new database that nobody is connected to: an empty one, or a copy of the template's tables. */
export async function testDatabase(template = 'template0'): Promise<{ url: string; drop: () => Promise<void> }> {
  const host = inject('databaseHost')
  const name = `test_${randomBytes(8).toString('hex')}`
  await asAdmin(host, `create database ${name} template ${template}`)
  return { url: databaseUrl(host, name), drop: () => asAdmin(host, `drop database if exists ${name} with (force)`) }
}

async function asAdmin(host: string, statement: string): Promise<void> {
  const client = new pg.Client(databaseUrl(host, 'postgres'))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
