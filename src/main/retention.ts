import { accountAgings } from '../accounts/index.ts'
import { type Clock, type Logger, Retention, type Shutdown } from '../platform/index.ts'
import { runAgings } from '../runs/index.ts'
import type { Store } from '../store/index.ts'
import { syncAgings } from '../sync/index.ts'
import { changeAgings } from '../trigger/index.ts'
import type { RetentionSettings } from './settings.ts'

/** Each room deletes what is its own and older than it may be. */
export function startRetention(
  store: Store,
  days: RetentionSettings,
  { clock, log, shutdown }: { clock: Clock; log: Logger; shutdown: Shutdown }
): void {
  const agings = [
    ...runAgings(store, { days: days.runs, kept: days.runsKept }),
    ...changeAgings(store, days.changes),
    ...syncAgings(store, days),
    ...accountAgings(store, days)
  ]
  const retention = new Retention({ agings, clock, log })
  retention.start()
  shutdown.add('retention', () => retention.stop())
}
