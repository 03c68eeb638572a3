import { type Kysely, sql } from 'kysely'

/** Webhooks of the git host: a secret for each project, and when one knocked last. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table gitops_settings add column hook_secret_sealed bytea`.execute(db)
  await sql`alter table sync_state add column hook_at timestamptz`.execute(db)
}
