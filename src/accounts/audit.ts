import { newId } from '../platform/index.ts'
import { insertAudit } from '../store/accounts/write.ts'
import type { Desk } from './desk.ts'

export interface AuditEntry {
  /** login, or `system` */
  actor: string
  /** of the client; null: the server itself */
  address: string | null
  action: string
  project: string | null
  target: string
  /** plain data without secrets; null where there is none */
  before: unknown
  after: unknown
}

export function audit({ store, clock }: Desk, { project, ...entry }: AuditEntry): Promise<void> {
  const at = clock.now()
  return insertAudit(store.db, { ...entry, id: newId(at), at, projectId: project })
}
