import { type Kysely, sql } from 'kysely'

/**
 * Infrastructures that are renamed (old names stay aliases), removed (runs and history stay) and granted to more
 * projects than the one that manages them; keys that ended are remembered, so that their agent can be told why.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `alter table infrastructures add column aliases jsonb not null default '[]'`,
  'alter table infrastructures add column removed_at timestamptz',
  'alter table infrastructures drop constraint infrastructures_name_key',
  'create unique index on infrastructures (name) where removed_at is null',
  'alter table infrastructure_grants add column manages boolean not null default false',
  // until now each belongs to the one project that added it
  `update infrastructure_grants set manages = true where (infrastructure_id, project_id) in
    (select infrastructure_id, min(project_id) from infrastructure_grants group by infrastructure_id)`,
  'create unique index on infrastructure_grants (infrastructure_id) where manages',
  'alter table agent_keys add column ended_at timestamptz',
  'create index on agent_keys (infrastructure_id)'
]
