export const OUTCOMES = ['triggered', 'not-triggered', 'waiting'] as const

/** What the page of events shows, as it is in its URL. */
export interface EventFilter {
  tab?: 'workloads'
  outcome?: (typeof OUTCOMES)[number]
  /** part of a workload's name */
  q?: string
}

/** Words that mean nothing are dropped. */
export function eventFilter(search: Record<string, unknown>): EventFilter {
  const outcome = OUTCOMES.find((word) => word === search.outcome)
  return {
    ...(search.tab === 'workloads' && { tab: 'workloads' }),
    ...(outcome !== undefined && { outcome }),
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q })
  }
}
