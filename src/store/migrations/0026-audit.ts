import { type Kysely, sql } from 'kysely'

/** From which address a change came; pages of a project are read by id. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table audit add column address text`.execute(db)
  await sql`drop index audit_project_id_at_idx`.execute(db)
  await sql`create index on audit (project_id, id desc)`.execute(db)
}
