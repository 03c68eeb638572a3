import type { Aging } from '../platform/index.ts'
import type { Store } from '../store/index.ts'
import { deleteOldRequests, deleteOldRuns } from '../store/runs/write.ts'

/** Runs with their steps, facts, stops and requests; the last `kept` of each workflow stay, however old. */
export function runAgings({ db }: Store, { days, kept }: { days: number; kept: number }): Aging[] {
  return [
    { what: 'runs', days, deleteBatch: (before) => deleteOldRuns(db, { before, kept }) },
    { what: 'run requests', days, deleteBatch: (before) => deleteOldRequests(db, before) }
  ]
}
