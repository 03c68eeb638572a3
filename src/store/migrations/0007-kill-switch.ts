import { type Kysely, sql } from 'kysely'

/** A project whose kill switch is on has a row: nothing runs there until a person releases it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table kill_switches (
    project_id text primary key references projects,
    reason text not null,
    engaged_by text not null,
    engaged_at timestamptz not null
  )`.execute(db)
}
