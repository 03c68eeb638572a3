import type { SyncStatus } from '../contract/index.ts'
import { openEdits, type SettingsRow, settingsOf, syncStateOf, waitingWithheld } from '../store/index.ts'
import type { Desk } from './desk.ts'

/** How git and portal stand, as people see it. */
export async function statusOf({ store, clock }: Desk, project: string): Promise<SyncStatus> {
  const { db } = store
  const [settings, state, edits, withheld] = await Promise.all([
    settingsOf(db, project),
    syncStateOf(db, project),
    openEdits(db, project),
    waitingWithheld(db, project)
  ])
  const waiting = edits.filter((edit) => edit.state === 'open').length
  const common = { openEdits: edits.length, withheld: withheld.map(withheldView) }
  if (settings === undefined || !settings.enabled || state === undefined) return { ...NOTHING, ...common }
  const paused = pauseView(settings)
  const busy = waiting > 0 || (state.knockedAt !== null && state.knockedAt <= clock.now())
  return {
    ...common,
    paused,
    status: paused !== null ? 'paused' : state.status === 'ready' && busy ? 'reconciling' : state.status,
    code: state.code,
    message: state.message,
    cause: state.cause,
    tip:
      state.tipCommit === null
        ? null
        : {
            commit: state.tipCommit,
            author: state.tipAuthor ?? '',
            subject: state.tipSubject ?? '',
            at: (state.tipAt ?? new Date(0)).toISOString()
          },
    syncedCommit: state.syncedCommit,
    syncedAt: iso(state.syncedAt),
    checkedAt: iso(state.checkedAt),
    nextCheckAt: paused === null ? iso(state.nextCheckAt) : null
  }
}

function pauseView({ pausedBy, pausedAt }: SettingsRow): SyncStatus['paused'] {
  return pausedBy === null || pausedAt === null ? null : { by: pausedBy, at: pausedAt.toISOString() }
}

const NOTHING: Omit<SyncStatus, 'openEdits' | 'withheld'> = {
  status: 'off',
  paused: null,
  code: null,
  message: null,
  cause: null,
  tip: null,
  syncedCommit: null,
  syncedAt: null,
  checkedAt: null,
  nextCheckAt: null
}

type WithheldRow = Awaited<ReturnType<typeof waitingWithheld>>[number]

function withheldView({ id, kind, detail, createdAt }: WithheldRow): SyncStatus['withheld'][number] {
  return { id, kind, paths: detail.paths, createdAt: createdAt.toISOString() }
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null
}
