import { CAUSE_KINDS, type Cause, RUN_PHASES, type RunPhase, VERDICTS, type Verdict } from '../../domain/index.ts'

/** How far back, in words of the URL, in ms. */
export const SINCE = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const
export type Since = keyof typeof SINCE

/** What the list of runs shows, as it is in its URL. */
export interface RunFilter {
  workflow?: string
  cause?: Cause['kind']
  phase?: RunPhase
  verdict?: Verdict
  /** its id */
  infrastructure?: string
  since?: Since
  /** days, `2026-01-31`, in the reader's zone; both are in */
  from?: string
  to?: string
}

/** Words that mean nothing are dropped. */
export function runFilter(search: Record<string, unknown>): RunFilter {
  return {
    ...text(search, 'workflow'),
    ...oneOf(search, 'cause', CAUSE_KINDS),
    ...oneOf(search, 'phase', RUN_PHASES),
    ...oneOf(search, 'verdict', VERDICTS),
    ...text(search, 'infrastructure'),
    ...oneOf(search, 'since', Object.keys(SINCE) as Since[]),
    ...day(search, 'from'),
    ...day(search, 'to')
  }
}

/** The filter as the API takes it: days and spans become times. */
export function runQuery({ since, from, to, ...plain }: RunFilter, now: number) {
  const after = since === undefined ? startOf(from, 0) : new Date(now - SINCE[since]).toISOString()
  return { ...plain, from: after, to: startOf(to, 1) }
}

/** The first moment of a day of the URL, in the reader's zone, or of one that is days later. */
export function startOf(date: string | undefined, daysLater: number): string | undefined {
  if (date === undefined) return undefined
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return new Date(year, month - 1, day + daysLater).toISOString()
}

function text<K extends string>(search: Record<string, unknown>, name: K): { [N in K]?: string } {
  const value = search[name]
  const known = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
  return (known === '' ? {} : { [name]: known }) as { [N in K]?: string }
}

function oneOf<K extends string, W extends string>(
  search: Record<string, unknown>,
  name: K,
  words: readonly W[]
): { [N in K]?: W } {
  const word = words.find((candidate) => candidate === search[name])
  return (word === undefined ? {} : { [name]: word }) as { [N in K]?: W }
}

function day<K extends string>(search: Record<string, unknown>, name: K): { [N in K]?: string } {
  const value = search[name]
  const known = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
  return (known ? { [name]: value } : {}) as { [N in K]?: string }
}
