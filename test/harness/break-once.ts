import { sql } from 'kysely'
import type { Store } from '../../src/store/index.ts'

/**
 * The first so many writes of this kind fail in the database, and with them the transactions that they are part of: as
 * when a server is killed right there. What is counted survives the roll-back.
 */
export async function breakWrites(
  { db }: Store,
  where: { table: string; on: 'insert' | 'update'; times: number }
): Promise<void> {
  const { table, on, times } = where
  const name = `broken_${table}_${on}`
  await sql`create sequence ${sql.ref(name)}`.execute(db)
  await sql`create function ${sql.ref(`${name}_f`)}() returns trigger language plpgsql as ${sql.lit(
    `begin if nextval('${name}') <= ${times} then raise exception 'killed here'; end if; return new; end`
  )}`.execute(db)
  await sql`create trigger ${sql.ref(`${name}_t`)} before ${sql.raw(on)} on ${sql.table(table)}
    for each row execute function ${sql.ref(`${name}_f`)}()`.execute(db)
}
