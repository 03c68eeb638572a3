import { type Kysely, sql } from 'kysely'

/** How a project reaches its git host over https: what hosts it, authorities of one's own, a proxy. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table gitops_settings
    add column provider text,
    add column ca text,
    add column proxy_url text,
    add column proxy_username text not null default '',
    add column proxy_password_sealed bytea`.execute(db)
}
