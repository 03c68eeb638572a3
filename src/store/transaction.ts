import { sql } from 'kysely'
import type { Db, Tx } from './connect.ts'

/** Runs `work` in a transaction: the caller's where there is one already, else its own. */
export function transaction<T>(db: Db | Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return isTransaction(db) ? work(db) : db.transaction().execute(work)
}

/** Waits until no other transaction holds this key, and holds it until the end of this one. */
export async function lockFor(tx: Tx, purpose: string, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${purpose}), hashtext(${key}))`.execute(tx)
}

/** Shared with all who share it: only whoever wants it alone, by `lockFor`, waits, and is waited for. */
export async function shareLock(tx: Tx, purpose: string, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtext(${purpose}), hashtext(${key}))`.execute(tx)
}

function isTransaction(db: Db | Tx): db is Tx {
  return db.isTransaction
}
