import { type Kysely, sql } from 'kysely'

/** An agent observes further kinds of workload where its infrastructure says so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table infrastructures add column watch jsonb not null default '[]'`.execute(db)
}
