import { SINCE, type Since, startOf } from './run-filter.ts'

/** What the page of the audit shows, as it is in its URL. */
export interface AuditFilter {
  /** all of the server, for its admins; else the project */
  of?: 'server'
  /** login */
  who?: string
  /** an action, or its first word */
  what?: string
  /** part of any text of a line */
  q?: string
  since?: Since
  /** days, `2026-01-31`, in the reader's zone; both are in */
  from?: string
  to?: string
}

/** Words that mean nothing are dropped. */
export function auditFilter(search: Record<string, unknown>): AuditFilter {
  const found: AuditFilter = search.of === 'server' ? { of: 'server' } : {}
  for (const name of ['who', 'what', 'q'] as const) {
    const value = search[name]
    if (typeof value === 'string' && value !== '') found[name] = value
    if (typeof value === 'number') found[name] = String(value)
  }
  const since = (Object.keys(SINCE) as Since[]).find((word) => word === search.since)
  if (since !== undefined) found.since = since
  for (const name of ['from', 'to'] as const) {
    const value = search[name]
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))) {
      found[name] = value
    }
  }
  return found
}

/** The filter as the API takes it: days and spans become times. */
export function auditQuery({ who, what, q, since, from, to }: AuditFilter, now: number) {
  const after = since === undefined ? startOf(from, 0) : new Date(now - SINCE[since]).toISOString()
  return { actor: who, action: what, q, from: after, to: startOf(to, 1) }
}
