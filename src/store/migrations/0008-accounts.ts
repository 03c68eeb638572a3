import { type Kysely, sql } from 'kysely'

/** API tokens, invitations, and who may invite: the first user. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  'alter table users add column is_admin boolean not null default false',
  'update users set is_admin = true where id = (select id from users order by created_at, id limit 1)',
  `create table api_tokens (
    id text primary key,
    token_hash text not null unique,
    user_id text not null references users on delete cascade,
    name text not null,
    scopes jsonb not null,
    project_id text references projects on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz
  )`,
  'create index on api_tokens (user_id)',
  `create table invitations (
    id text primary key,
    token_hash text not null unique,
    login text not null unique,
    name text not null,
    email text,
    project_id text references projects on delete cascade,
    role text,
    invited_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`
]
