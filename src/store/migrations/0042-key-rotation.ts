import { type Kysely, sql } from 'kysely'

/** An agent gets a next key that works beside the one it has until it is used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table agent_keys add column used_at timestamptz`.execute(db)
  await sql`update agent_keys set used_at = created_at`.execute(db)
}
