import { type Kysely, sql } from 'kysely'

/** What executes the runs of an infrastructure: its agent, or Argo Workflows on its cluster. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table infrastructures add column engine jsonb not null default '{"kind": "builtin"}'::jsonb`.execute(
    db
  )
}
