import { type Kysely, sql } from 'kysely'

/** A pass says where it began, not only where it ended. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table passes add column from_commit text`.execute(db)
}
