import { type Cause, type FaultCatalogue, type ScheduleRules, scheduleWords } from '../domain/index.ts'
import { parseDefinition } from '../manifest/index.ts'
import type { Logger } from '../platform/index.ts'
import { findSchedule, notify, type ScheduleRow, type Store, settingsOf } from '../store/index.ts'
import { requestRun } from '../store/runs/request.ts'
import {
  changedSchedules,
  deleteSchedule,
  dueSchedules,
  noteNoStart,
  type ScheduledDefinition,
  saveSchedule,
  type Tx,
  takeScheduled
} from '../store/runs/write.ts'
import { dueStarts, firstStart } from './plan-schedule.ts'

const BATCH = 100

export interface ScheduleDesk {
  store: Store
  catalogue: FaultCatalogue
  log: Logger
}

/**
 * The third door: schedules are brought up to date with the texts of their definitions, and what is due becomes a run
 * request, or a note why not. Each schedule in a transaction of its own, with at most one request for each instant,
 * whatever is restarted and however many servers look.
 */
export async function tendSchedules(desk: ScheduleDesk, now: Date, signal: AbortSignal): Promise<void> {
  const { db } = desk.store
  const failures = [
    ...(await tendEach(desk, now, signal, () => changedSchedules(db, BATCH))),
    ...(await tendEach(desk, now, signal, () => dueSchedules(db, now, BATCH)))
  ]
  if (failures.length > 0) throw failures[0]
}

/** All that `look` finds, until it finds nothing new: one that fails holds up no other. Answers why some failed. */
async function tendEach(
  desk: ScheduleDesk,
  now: Date,
  signal: AbortSignal,
  look: () => Promise<string[]>
): Promise<unknown[]> {
  const tried = new Set<string>()
  const failures: unknown[] = []
  while (!signal.aborted) {
    const fresh = (await look()).filter((id) => !tried.has(id))
    if (fresh.length === 0) break
    for (const id of fresh) {
      tried.add(id)
      await desk.store.db
        .transaction()
        .execute((tx) => tendOne(desk, tx, id, now))
        .catch((error: unknown) => failures.push(error))
    }
  }
  return failures
}

export interface Tended {
  definition: ScheduledDefinition
  row: ScheduleRow
}

/** One schedule as it is now to be; undefined: the definition has none (any more). The caller may go on from there. */
export async function tendOne(desk: ScheduleDesk, tx: Tx, id: string, now: Date): Promise<Tended | undefined> {
  const definition = await takeScheduled(tx, id)
  if (definition === undefined) {
    await deleteSchedule(tx, id)
    return undefined
  }
  const known = await findSchedule(tx, id)
  const row = known ?? (await firstRow(tx, definition, now))
  const current = known?.revision === definition.revision
  const rules = current ? row.rules : rulesOf(desk, definition)
  // what was due under the text before it is still due, unless the new one holds it
  const isDue = row.nextAt !== null && row.nextAt <= now && row.rules !== null && rules?.held === null
  const next = isDue ? await startDue(desk, tx, { definition, row }, now) : row.nextAt
  const nextAt = current ? next : row.state === 'active' ? firstStart(rules, now) : null
  const after = { ...row, rules, revision: definition.revision, nextAt, ...(isDue && { lastAt: now }) }
  const settled = isDue ? { ...after, ...once(rules) } : after
  await save(tx, definition, settled)
  return { definition, row: settled }
}

export async function save(tx: Tx, { name, projectId }: ScheduledDefinition, row: ScheduleRow): Promise<void> {
  await saveSchedule(tx, { ...row, rules: row.rules === null ? null : JSON.stringify(row.rules) })
  for (const [topic, id] of [
    ['workflow', name],
    ['workflows', null]
  ] as const)
    await notify(tx, 'stream', JSON.stringify({ project: projectId, topic, id }))
}

/** What starts on activation has started: to start it again a person activates it again. */
function once(rules: ScheduleRules | null): { state: 'paused' } | Record<string, never> {
  return rules?.schedule.kind === 'on-activation' ? { state: 'paused' } : {}
}

/** Paused, unless it comes from git and the project's owners have said that such ones are active at once. */
async function firstRow(tx: Tx, definition: ScheduledDefinition, now: Date): Promise<ScheduleRow> {
  const fromGit =
    definition.origin === 'git' && (await settingsOf(tx, definition.projectId))?.activateSchedules === true
  const { id: definitionId, projectId, revision } = definition
  return {
    definitionId,
    projectId,
    // of no text yet
    revision: 0,
    rules: null,
    state: fromGit ? 'active' : 'paused',
    changedBy: fromGit ? 'git' : null,
    changedAt: fromGit ? now : null,
    activatedRevision: fromGit ? revision : null,
    lastAt: null,
    nextAt: null
  }
}

function rulesOf({ catalogue }: ScheduleDesk, { text, path }: ScheduledDefinition): ScheduleRules | null {
  const parsed = parseDefinition(text, { catalogue, path })
  return parsed.ok ? parsed.manifest.schedule : null
}

/** Asks for the run, notes what was missed; answers when the next one is due. */
async function startDue(desk: ScheduleDesk, tx: Tx, { definition, row }: Tended, now: Date): Promise<Date | null> {
  const { rules, nextAt } = row
  if (rules === null || nextAt === null) return null
  const { start, missed, next } = dueStarts(rules, { nextAt, now })
  const { id: definitionId, projectId, name } = definition
  const words = scheduleWords(rules.schedule)
  const whose = { projectId, definitionId, now }
  if (missed !== null) {
    const cause = causeOf({ at: missed.last, startBy: missed.last, madeUp: false }, words)
    const reason = missedWords(missed, start !== null)
    await noteNoStart(tx, { ...whose, cause, dedupeKey: keyOf(definitionId, missed.last), reason })
    desk.log.warn({ project: projectId, workflow: name, ...missed }, 'scheduled starts were missed')
  }
  if (start !== null) {
    const wish = { ...whose, parameters: {}, infrastructureId: null, automatic: true }
    await requestRun(tx, { ...wish, cause: causeOf(start, words), dedupeKey: keyOf(definitionId, start.at) })
    desk.log.info({ project: projectId, workflow: name, at: start.at, madeUp: start.madeUp }, 'scheduled start')
  }
  return next
}

function causeOf({ at, startBy, madeUp }: { at: Date; startBy: Date; madeUp: boolean }, words: string): Cause {
  return { kind: 'schedule', at: at.toISOString(), startBy: startBy.toISOString(), words, madeUp }
}

function keyOf(definitionId: string, at: Date): string {
  return `schedule/${definitionId}/${at.toISOString()}`
}

function missedWords({ first, last }: { first: Date; last: Date }, madeUp: boolean): string {
  const when =
    first.getTime() === last.getTime()
      ? `The start of ${minute(first)} was`
      : `The starts from ${minute(first)} to ${minute(last)} were`
  return `${when} missed: no server was running. ${madeUp ? 'The latest one is made up for.' : 'It is too late to make up for it.'}`
}

function minute(at: Date): string {
  const text = at.toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`
}
