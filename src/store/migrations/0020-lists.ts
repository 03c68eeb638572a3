import { type Kysely, sql } from 'kysely'

/** A page of a list of thousands reads a page of rows: by name and path as bytes, and bad files without the good ones. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index on definitions (project_id, name collate "C", path collate "C") where deleted_at is null`.execute(
    db
  )
  await sql`create index on files (project_id, path) where state <> 'good'`.execute(db)
}
