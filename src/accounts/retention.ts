import type { Aging } from '../platform/index.ts'
import { deleteEndedInvitations, deleteEndedSessions, deleteOldAudit } from '../store/accounts/write.ts'
import type { Store } from '../store/index.ts'

/** What ended is of use for one day more, to whoever asks why he must sign in again. */
const ENDED_DAYS = 1

/** The audit, and sessions and invitations that have ended. */
export function accountAgings({ db }: Store, days: { audit: number }): Aging[] {
  return [
    { what: 'audit', days: days.audit, deleteBatch: (before) => deleteOldAudit(db, before) },
    { what: 'sessions', days: ENDED_DAYS, deleteBatch: (before) => deleteEndedSessions(db, before) },
    { what: 'invitations', days: ENDED_DAYS, deleteBatch: (before) => deleteEndedInvitations(db, before) }
  ]
}
