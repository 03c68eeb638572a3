import { type Kysely, sql } from 'kysely'

/** What a person said to a step that waits; once, and for good. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table approvals (
    run_id text not null references runs on delete cascade,
    step text not null,
    outcome text not null,
    decided_by text not null,
    reason text,
    decided_at timestamptz not null,
    primary key (run_id, step)
  )`.execute(db)
}
