import type { Db } from '../connect.ts'
import { toJson } from '../json.ts'

export interface NewAudit {
  id: string
  at: Date
  actor: string
  address: string | null
  action: string
  projectId: string | null
  target: string
  before: unknown
  after: unknown
}

export async function insertAudit(db: Db, entry: NewAudit): Promise<void> {
  await db
    .insertInto('audit')
    .values({ ...entry, before: jsonOrNull(entry.before), after: jsonOrNull(entry.after) })
    .execute()
}

function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : toJson(value)
}
