import { type Kysely, sql } from 'kysely'

/** Who has paused GitOps; what a webhook said last, and since when it can be relied on. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table gitops_settings
    add column paused_by text,
    add column paused_at timestamptz`.execute(db)
  await sql`alter table sync_state
    add column hook_event text,
    add column hook_refused_at timestamptz,
    add column hook_refusal text,
    add column hook_proved_at timestamptz`.execute(db)
}
