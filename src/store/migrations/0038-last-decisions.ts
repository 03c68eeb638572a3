import { type Kysely, sql } from 'kysely'

/** The list of policies shows what each decided last, however many decisions there are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index on decisions (policy_id, id desc) where policy_id is not null`.execute(db)
}
