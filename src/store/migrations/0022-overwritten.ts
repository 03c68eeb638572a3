import { type Kysely, sql } from 'kysely'

/** By which later revision, a commit of somebody else, an edit that was in git has been rewritten there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table revisions add column overwritten_by integer`.execute(db)
}
