import { type Kysely, sql } from 'kysely'

/** A change may wait for several policies, each with its own time; a decision names the policy that made it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  'alter table workload_changes add column healthy_at timestamptz, add column look_at timestamptz',
  `update workload_changes set look_at = created_at + interval '10 minutes' where state = 'waiting'`,
  `create index on workload_changes (look_at) where state = 'waiting'`,
  'alter table decisions add column policy_id text, add column policy text',
  `create index on decisions (policy_id, created_at) where outcome = 'triggered'`
]
