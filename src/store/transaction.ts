import type { Transaction } from 'kysely'
import type { Db, Tx } from './connect.ts'
import type { Database } from './schema.ts'

/** Runs `work` in a transaction: the caller's where there is one already, else its own. */
export function transaction<T>(db: Db | Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return isTransaction(db) ? work(db) : db.transaction().execute(work)
}

function isTransaction(db: Db | Tx): db is Transaction<Database> {
  return db.isTransaction
}
