import { type Kysely, sql } from 'kysely'

/** What a push may start, for each project; nothing until a person has said so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table gitops_settings add column run_on_push text not null default 'never'`.execute(db)
  await sql`create index on edit_requests (project_id, commit) where commit is not null`.execute(db)
}
