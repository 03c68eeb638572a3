import type { Aging } from '../platform/index.ts'
import type { Store } from '../store/index.ts'
import { deleteOldEdits, deleteOldPasses, deleteOldWithheld } from '../store/sync/write.ts'

/** Passes, answered questions, and edit requests that ended. Revisions stay: they are the history. */
export function syncAgings({ db }: Store, days: { passes: number; edits: number }): Aging[] {
  return [
    { what: 'passes', days: days.passes, deleteBatch: (before) => deleteOldPasses(db, before) },
    { what: 'withheld', days: days.passes, deleteBatch: (before) => deleteOldWithheld(db, before) },
    { what: 'edit requests', days: days.edits, deleteBatch: (before) => deleteOldEdits(db, before) }
  ]
}
