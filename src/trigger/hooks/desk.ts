import type { Clock, Logger, Sealer } from '../../platform/index.ts'
import type { Store } from '../../store/index.ts'

/** What hooks are worked with. */
export interface HookDesk {
  store: Store
  sealer: Sealer
  clock: Clock
  log: Logger
}
