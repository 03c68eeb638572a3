import type { Db, Tx } from './connect.ts'

/** Reads that belong together see one moment: what a pass changes meanwhile is in all of them or in none. */
export function snapshot<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
}
