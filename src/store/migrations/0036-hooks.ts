import { type Kysely, sql } from 'kysely'

/** Hooks that start something, and what was decided about each call. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table hooks (
    id text primary key,
    project_id text not null references projects,
    name text not null,
    kind text not null,
    workflow text not null,
    infrastructure_id text references infrastructures,
    parameters jsonb not null,
    only_where jsonb not null,
    limit_runs integer not null,
    limit_seconds integer not null,
    paused boolean not null,
    secret_hash text,
    secret_sealed bytea,
    refused_at timestamptz,
    refusal text,
    created_at timestamptz not null,
    unique (project_id, name)
  )`,
  `create table hook_events (
    id text primary key,
    hook_id text not null references hooks on delete cascade,
    dedupe_id text,
    subject text not null,
    outcome text not null,
    reason text not null,
    run_request_id text references run_requests on delete set null,
    created_at timestamptz not null
  )`,
  'create index on hook_events (hook_id, id desc)',
  'create index on hook_events (run_request_id)'
]
