import { type Kysely, sql } from 'kysely'

/** Repositories over SSH: a key for each project, and the host keys that a person has confirmed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table gitops_settings
    add column ssh_key_sealed bytea,
    add column ssh_passphrase_sealed bytea,
    add column ssh_public_key text,
    add column host_keys text`.execute(db)
}
