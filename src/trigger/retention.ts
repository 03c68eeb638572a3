import type { Aging } from '../platform/index.ts'
import type { Store } from '../store/index.ts'
import { deleteOldChanges, deleteOldObservations } from '../store/trigger/write.ts'

/** Workload changes with their decisions, and observations of workloads that are gone. */
export function changeAgings({ db }: Store, days: number): Aging[] {
  return [
    { what: 'workload changes', days, deleteBatch: (before) => deleteOldChanges(db, before) },
    { what: 'observations', days, deleteBatch: (before) => deleteOldObservations(db, before) }
  ]
}
