export const EVENT_TABS = ['workloads', 'policies', 'simulator'] as const
export const OUTCOMES = ['triggered', 'not-triggered', 'waiting'] as const

/** What the page of events shows, as it is in its URL. */
export interface EventFilter {
  /** without one: the changes */
  tab?: (typeof EVENT_TABS)[number]
  /** id of the change that the simulator is asked about */
  change?: string
  outcome?: (typeof OUTCOMES)[number]
  /** part of a workload's name */
  q?: string
}

/** Words that mean nothing are dropped. */
export function eventFilter(search: Record<string, unknown>): EventFilter {
  const tab = EVENT_TABS.find((word) => word === search.tab)
  const outcome = OUTCOMES.find((word) => word === search.outcome)
  return {
    ...(tab !== undefined && { tab }),
    ...(typeof search.change === 'string' && search.change !== '' && { change: search.change }),
    ...(outcome !== undefined && { outcome }),
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q })
  }
}
