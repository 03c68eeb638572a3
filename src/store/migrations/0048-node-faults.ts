import { type Kysely, sql } from 'kysely'

/** Whole nodes of a cluster are harmed only where whoever manages it has said so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table infrastructures add column node_faults boolean not null default false`.execute(db)
}
