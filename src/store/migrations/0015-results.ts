import { type Kysely, sql } from 'kysely'

/** Lists of runs and of workload changes hold by each filter, and a run finds its request and its decision. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  'create index on runs (project_id, workflow, id desc)',
  'create index on runs (project_id, phase, id desc)',
  'create index on runs (project_id, verdict, id desc)',
  `create index on runs (project_id, (cause ->> 'kind'), id desc)`,
  'create index on runs (project_id, infrastructure_id, id desc)',
  'create index on run_requests (run_id)',
  'create index on decisions (run_request_id)',
  'create index on workload_changes (infrastructure_id, id desc)',
  // a request may be forgotten before the decision that made it
  'alter table decisions drop constraint decisions_run_request_id_fkey',
  `alter table decisions add constraint decisions_run_request_id_fkey
    foreign key (run_request_id) references run_requests on delete set null`
]
