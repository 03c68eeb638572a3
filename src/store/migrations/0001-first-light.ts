import { type Kysely, sql } from 'kysely'

/** Every table of the first release; see schema.ts for what the columns mean. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table users (
    id text primary key,
    login text not null unique,
    name text not null,
    email text,
    password_hash text not null,
    must_change_password boolean not null,
    created_at timestamptz not null
  )`,
  `create table sessions (
    token_hash text primary key,
    user_id text not null references users on delete cascade,
    csrf_token text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  'create index on sessions (expires_at)',
  `create table projects (
    id text primary key,
    name text not null,
    created_at timestamptz not null
  )`,
  `create table members (
    project_id text not null references projects,
    user_id text not null references users on delete cascade,
    role text not null,
    primary key (project_id, user_id)
  )`,
  `create table infrastructures (
    id text primary key,
    name text not null unique,
    kind text not null,
    environment text not null,
    created_at timestamptz not null,
    registration_hash text,
    agent_version text,
    seen_at timestamptz
  )`,
  `create table infrastructure_grants (
    infrastructure_id text not null references infrastructures,
    project_id text not null references projects,
    is_default boolean not null,
    primary key (infrastructure_id, project_id)
  )`,
  'create unique index on infrastructure_grants (project_id) where is_default',
  `create table agent_keys (
    key_hash text primary key,
    infrastructure_id text not null references infrastructures,
    created_at timestamptz not null
  )`,
  `create table audit (
    id text primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    project_id text references projects,
    target text not null,
    before jsonb,
    after jsonb
  )`,
  'create index on audit (project_id, at desc)',
  `create table gitops_settings (
    project_id text primary key references projects,
    enabled boolean not null,
    url text not null,
    branch text not null,
    path text not null,
    username text not null,
    token_sealed bytea,
    poll_seconds integer not null,
    epoch integer not null,
    enabled_at timestamptz,
    updated_at timestamptz not null
  )`,
  `create table sync_state (
    project_id text primary key references projects,
    status text not null,
    code text,
    message text,
    cause text,
    synced_commit text,
    synced_at timestamptz,
    tip_commit text,
    tip_author text,
    tip_subject text,
    tip_at timestamptz,
    checked_at timestamptz,
    next_check_at timestamptz,
    failures integer not null,
    knocked_at timestamptz,
    lease text,
    leased_until timestamptz
  )`,
  `create table definitions (
    id text primary key,
    project_id text not null references projects,
    kind text not null,
    path text not null,
    name text not null,
    revision integer not null,
    git_blob text,
    git_commit text,
    suspended text,
    conflict jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz
  )`,
  'create unique index on definitions (project_id, path) where deleted_at is null',
  'create unique index on definitions (project_id, name) where deleted_at is null',
  `create table revisions (
    definition_id text not null references definitions,
    number integer not null,
    text text not null,
    blob text not null,
    sha256 text not null,
    author text not null,
    origin text not null,
    commit text,
    message text,
    created_at timestamptz not null,
    primary key (definition_id, number)
  )`,
  `create table files (
    project_id text not null references projects,
    path text not null,
    blob text not null,
    commit text not null,
    state text not null,
    problems jsonb,
    rules_version text not null,
    seen_at timestamptz not null,
    primary key (project_id, path)
  )`,
  `create table edit_requests (
    id text primary key,
    project_id text not null references projects,
    number bigint generated always as identity,
    path text not null,
    name text not null,
    action text not null,
    base_blob text,
    text text,
    message text not null,
    author text not null,
    author_email text not null,
    state text not null,
    tries jsonb not null,
    reason text,
    commit text,
    created_at timestamptz not null,
    ended_at timestamptz
  )`,
  `create index on edit_requests (project_id, number) where state in ('open', 'conflict')`,
  'create index on edit_requests (project_id, path, number)',
  `create table withheld (
    id text primary key,
    project_id text not null references projects,
    kind text not null,
    detail jsonb not null,
    state text not null,
    accepted_by text,
    created_at timestamptz not null,
    ended_at timestamptz
  )`,
  `create unique index on withheld (project_id, kind) where state = 'waiting'`,
  `create table passes (
    id text primary key,
    project_id text not null references projects,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    outcome text not null,
    tip text,
    code text,
    message text,
    items jsonb not null
  )`,
  'create index on passes (project_id, id desc)',
  `create table run_requests (
    id text primary key,
    project_id text not null references projects,
    definition_id text not null references definitions,
    revision integer,
    parameters jsonb not null,
    infrastructure_id text references infrastructures,
    cause jsonb not null,
    dedupe_key text not null unique,
    automatic boolean not null,
    state text not null,
    reason text,
    run_id text,
    created_at timestamptz not null,
    ended_at timestamptz
  )`,
  `create index on run_requests (created_at) where state = 'queued'`,
  'create index on run_requests (project_id, id desc)',
  `create table runs (
    id text primary key,
    project_id text not null references projects,
    definition_id text not null references definitions,
    workflow text not null,
    revision integer not null,
    commit text,
    infrastructure_id text not null references infrastructures,
    plan jsonb not null,
    cause jsonb not null,
    phase text not null,
    verdict text not null,
    recovery text,
    score integer,
    reason text,
    lease_number integer not null,
    leased_until timestamptz,
    merged_seq integer not null,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz
  )`,
  'create index on runs (project_id, id desc)',
  'create index on runs (definition_id, id desc)',
  'create index on runs (infrastructure_id) where ended_at is null',
  `create table steps (
    run_id text not null references runs on delete cascade,
    step text not null,
    name text not null,
    position integer not null,
    phase text not null,
    verdict text not null,
    recovery text,
    weight integer,
    probe_success double precision,
    reason text,
    started_at timestamptz,
    ended_at timestamptz,
    primary key (run_id, step)
  )`,
  `create table facts (
    run_id text not null references runs on delete cascade,
    seq integer not null,
    lease integer not null,
    body jsonb not null,
    received_at timestamptz not null,
    primary key (run_id, seq)
  )`,
  `create table stops (
    run_id text primary key references runs on delete cascade,
    asked_by text not null,
    reason text not null,
    asked_at timestamptz not null
  )`,
  `create table guardrails (
    project_id text primary key references projects,
    guardrails jsonb not null,
    updated_at timestamptz not null
  )`,
  `create table observations (
    infrastructure_id text not null references infrastructures,
    uid text not null,
    number integer not null,
    body jsonb not null,
    received_at timestamptz not null,
    compared_at timestamptz,
    primary key (infrastructure_id, uid, number)
  )`,
  'create index on observations (received_at) where compared_at is null',
  `create table workload_changes (
    id text primary key,
    infrastructure_id text not null references infrastructures,
    uid text not null,
    number integer not null,
    kind text not null,
    namespace text not null,
    name text not null,
    before jsonb not null,
    after jsonb not null,
    state text not null,
    created_at timestamptz not null,
    decided_at timestamptz,
    unique (infrastructure_id, uid, number)
  )`,
  `create table decisions (
    id text primary key,
    change_id text not null references workload_changes on delete cascade,
    project_id text references projects,
    workflow text,
    outcome text not null,
    reason text not null,
    run_request_id text references run_requests,
    created_at timestamptz not null
  )`,
  'create index on decisions (change_id)'
]
