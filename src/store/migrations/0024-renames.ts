import { type Kysely, sql } from 'kysely'

/** Where an edit takes the file to, besides changing its text. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table edit_requests add column new_path text`.execute(db)
}
