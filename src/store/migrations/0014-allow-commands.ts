import { type Kysely, sql } from 'kysely'

/** What an agent said of itself: whether probes may run commands where it is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table infrastructures add column allow_commands boolean not null default false`.execute(db)
}
