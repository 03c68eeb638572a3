import { type Kysely, sql } from 'kysely'

/** A cluster may be connected for one of its namespaces alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table infrastructures add column namespace text`.execute(db)
}
