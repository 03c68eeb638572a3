import { type AppError, newId } from '../platform/index.ts'
import { type SyncStateRow, syncStateOf, toJson } from '../store/index.ts'
import { announce, endWithheld, insertPass, noteReasons, withhold } from '../store/sync/write.ts'
import type { Desk } from './desk.ts'
import type { Withheld } from './find-tip.ts'

/** How a pass ended, as the project's state shows it. */
export interface StateEnd {
  status: SyncStateRow['status']
  code: string | null
  message: string | null
  cause: SyncStateRow['cause']
  failed: boolean
  /** begin again at once */
  again: boolean
  /** edits that the git host does not take, each with its reason */
  reasons: ReadonlyMap<string, string>
  withheld: Withheld | null
  /** the git host asks not to be asked before */
  retryAt: Date | null
}

/** Whose turn it is: ours to try again, or a person's to mend something. */
export function failure(error: AppError, before: SyncStateRow | undefined): StateEnd {
  const person = error.kind === 'stalled' || error.kind === 'invalid' || error.kind === 'denied'
  const status = person ? 'stalled' : before?.status === 'stalled' ? 'stalled' : 'reconciling'
  const cause = error.kind === 'bug' ? 'ours' : person ? 'yours' : null
  const { code, message, details } = error
  const retryAt = typeof details.retryAt === 'string' ? new Date(details.retryAt) : null
  return { status, code, message, cause, failed: true, again: false, reasons: new Map(), withheld: null, retryAt }
}

export function withheldEnd(what: Withheld): StateEnd {
  const { code, message } = what
  const end = { status: 'stalled', code, message, cause: 'yours', failed: false, again: false } as const
  return { ...end, reasons: new Map(), withheld: what, retryAt: null }
}

/** What people see of it: why edits wait, what is withheld, a line in the history where something is new. */
export async function recordEnd(
  desk: Desk,
  project: string,
  { before, end }: { before: SyncStateRow | undefined; end: StateEnd }
): Promise<void> {
  const { db } = desk.store
  const isNew = end.code !== (before?.code ?? null)
  await noteReasons(db, project, { all: end.reasons.size > 0 ? null : end.message, own: end.reasons })
  await recordWithheld(desk, project, end.withheld)
  if (isNew && end.code !== null) {
    if (end.failed || end.withheld !== null) await recordFailure(desk, project, end)
    desk.log.warn({ project, code: end.code, reason: end.message }, 'sync cannot go on')
  }
  if (isNew || end.status !== before?.status) await announce(db, project, [])
}

async function recordFailure(desk: Desk, project: string, end: StateEnd): Promise<void> {
  const now = desk.clock.now()
  const state = await syncStateOf(desk.store.db, project)
  const items = (end.withheld?.paths ?? []).map((path) => ({
    path,
    action: 'withhold',
    note: 'It waits for approval.'
  }))
  await insertPass(desk.store.db, {
    id: newId(now),
    projectId: project,
    startedAt: now,
    endedAt: now,
    outcome: end.withheld === null ? 'failed' : 'withheld',
    fromCommit: state?.syncedCommit ?? null,
    tip: end.withheld?.tip ?? state?.tipCommit ?? null,
    code: end.code,
    message: end.message,
    items: toJson(items)
  })
}

/** Where the branch is as it should be, applying the plan has ended what was withheld. */
async function recordWithheld(desk: Desk, project: string, what: Withheld | null): Promise<void> {
  const { db } = desk.store
  const now = desk.clock.now()
  if (what === null) return
  await endWithheld(db, project, [what.kind, 'deletions', 'missing-path'], now)
  const detail = { tip: what.tip, before: what.before, paths: what.paths }
  const row = { id: newId(now), projectId: project, kind: what.kind, detail }
  await withhold(db, { ...row, state: 'waiting', acceptedBy: null, createdAt: now, endedAt: null })
}
