import { type Kysely, sql } from 'kysely'

/** Which workflows turning GitOps off has deleted: all those of one moment, so that they come back together. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table gitops_settings add column workflows_deleted_at timestamptz`.execute(db)
}
