import { sql } from 'kysely'
import type { Db } from './connect.ts'

/**
 * - `stream`: something people see changed; the payload is JSON {project, topic, id}
 * - `edit`: an edit request was inserted; the payload is the project
 * - `request`: a run request was inserted; `task`: a run became leasable, or its stop was asked
 * - `definition`: a definition changed; the payload is the project
 * - `fact`, `observation`: an agent reported
 */
export type Topic = 'stream' | 'edit' | 'request' | 'fact' | 'observation' | 'task' | 'definition'

/** Sent when the caller's transaction commits, never before; at once where there is none. Each at most 7999 bytes. */
export async function notify(db: Db, topic: Topic, ...payloads: string[]): Promise<void> {
  await sql`select pg_notify(${topic}, payload) from unnest(${payloads}::text[]) as payload`.execute(db)
}
