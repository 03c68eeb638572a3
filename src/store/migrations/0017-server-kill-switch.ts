import { type Kysely, sql } from 'kysely'

/** While the kill switch of the whole server is on there is one row: nothing runs in any project. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table server_kill_switch (
    id text primary key,
    reason text not null,
    engaged_by text not null,
    engaged_at timestamptz not null
  )`.execute(db)
}
