import { type Kysely, sql } from 'kysely'

/** Names that a workflow had before: workloads may still ask for it by them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table definitions add column aliases jsonb not null default '[]'`.execute(db)
}
