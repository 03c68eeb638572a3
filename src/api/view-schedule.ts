import type { Revision, Schedule, ScheduleSummary } from '../contract/index.ts'
import { type ScheduleRules, scheduleWords } from '../domain/index.ts'
import { nextTimes } from '../manifest/index.ts'
import type { ScheduledRequest, ScheduleRow } from '../store/index.ts'
import { iso } from './view-run.ts'

const TIMES_SHOWN = 5

/** Null also while the schedule of a text that has just come is still to be read. */
export function scheduleSummary(row: ScheduleRow | undefined): ScheduleSummary | null {
  if (row === undefined || row.rules === null) return null
  const { state, rules, nextAt } = row
  const activatedRevision = state === 'active' ? row.activatedRevision : null
  return { state, words: scheduleWords(rules.schedule), held: rules.held, next: iso(nextAt), activatedRevision }
}

export interface ScheduleParts {
  workflow: string
  row: ScheduleRow
  rules: ScheduleRules
  revisions: readonly Pick<Revision, 'number' | 'author' | 'origin' | 'createdAt'>[]
  requests: readonly ScheduledRequest[]
  now: Date
}

export function scheduleView({ workflow, row, rules, revisions, requests, now }: ScheduleParts): Schedule {
  const { schedule, held, concurrency, startingDeadlineSeconds } = rules
  const cron = schedule.kind === 'cron' ? schedule : null
  return {
    workflow,
    kind: schedule.kind,
    state: row.state,
    words: scheduleWords(schedule),
    held,
    next: iso(row.nextAt),
    activatedRevision: row.state === 'active' ? row.activatedRevision : null,
    timezone: cron?.timezone ?? null,
    crons: [...(cron?.crons ?? [])],
    concurrency,
    startingDeadlineSeconds,
    times: held === null ? nextTimes(schedule, now, TIMES_SHOWN).map((time) => time.toISOString()) : [],
    changedBy: row.changedBy,
    changedAt: iso(row.changedAt),
    changes: changesSince(row, revisions),
    starts: requests.flatMap(startView)
  }
}

function changesSince({ state, activatedRevision }: ScheduleRow, revisions: ScheduleParts['revisions']) {
  if (state === 'paused' || activatedRevision === null) return []
  return revisions
    .filter(({ number }) => number > activatedRevision)
    .map(({ number, author, origin, createdAt }) => ({ revision: number, author, origin, at: createdAt }))
}

function startView({ id, cause, state, reason, runId }: ScheduledRequest): Schedule['starts'] {
  return cause.kind === 'schedule' ? [{ request: id, cause, state, reason, run: runId }] : []
}
