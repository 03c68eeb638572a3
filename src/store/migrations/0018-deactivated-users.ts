import { type Kysely, sql } from 'kysely'

/** Since when a user may not sign in; null: may. The row stays: history, audit and commits name the user. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table users add column deactivated_at timestamptz`.execute(db)
}
