import { type Kysely, sql } from 'kysely'

/** When the clock starts a definition, and whether a person lets it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table schedules (
    definition_id text primary key references definitions,
    project_id text not null references projects,
    revision integer not null,
    rules jsonb,
    state text not null,
    changed_by text,
    changed_at timestamptz,
    activated_revision integer,
    last_at timestamptz,
    next_at timestamptz
  )`.execute(db)
  await sql`create index on schedules (next_at) where next_at is not null`.execute(db)
  await sql`create index on schedules (project_id, next_at)`.execute(db)
  await sql`create index on run_requests (definition_id, id desc)`.execute(db)
  // few definitions say when they start, and all are looked for every few seconds
  await sql`create index on definitions (id) where deleted_at is null and kind in ('CronWorkflow', 'ChaosSchedule')`.execute(
    db
  )
  await sql`alter table gitops_settings add column activate_schedules boolean not null default false`.execute(db)
}
