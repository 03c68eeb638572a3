import { CRON_WORKFLOW } from './cron-workflow.ts'
import type { KindReader } from './kind.ts'
import { CHAOS_SCHEDULE } from './litmus/chaos-schedule.ts'
import { CHAOS_ENGINE } from './litmus/engine-file.ts'
import { EVENT_POLICY } from './policy/event-policy.ts'
import { EVENT_TRACKER_POLICY } from './policy/event-tracker-policy.ts'
import { WORKFLOW } from './workflow.ts'

/** The register: what a kind of definition is to the rest of the product is said by its reader alone. */
export const KINDS: readonly KindReader[] = [
  WORKFLOW,
  CRON_WORKFLOW,
  CHAOS_ENGINE,
  CHAOS_SCHEDULE,
  EVENT_POLICY,
  EVENT_TRACKER_POLICY
]
