import { AppError } from '../platform/index.ts'
import { pauseReason, type SettingsRow, settingsOf, transaction } from '../store/index.ts'
import { announce, holdProject, knock, saveSettings } from '../store/sync/write.ts'
import type { Desk } from './desk.ts'

export const NOT_PAUSED = { pausedBy: null, pausedAt: null } as const

/**
 * From here on no pass begins: git is not looked at, nothing is pushed, edits wait. A pass under way applies nothing
 * more, because the epoch is another; what it has pushed by then is found in the history after the pause.
 */
export function pauseGitops(desk: Desk, project: string, user: string): Promise<void> {
  return change(desk, project, (settings, now) =>
    settings.pausedAt === null ? { ...settings, pausedBy: user, pausedAt: now } : settings
  )
}

/** The next pass looks at once, and in full. */
export async function resumeGitops(desk: Desk, project: string): Promise<void> {
  await change(desk, project, (settings) => ({ ...settings, ...NOT_PAUSED }))
  await knock(desk.store.db, project, desk.clock.now())
}

function change(
  desk: Desk,
  project: string,
  changed: (settings: SettingsRow, now: Date) => SettingsRow
): Promise<void> {
  return transaction(desk.store.db, async (tx) => {
    const now = desk.clock.now()
    await holdProject(tx, project, null)
    const settings = await settingsOf(tx, project)
    if (settings === undefined || !settings.enabled) throw off()
    await saveSettings(tx, { ...changed(settings, now), epoch: settings.epoch + 1, updatedAt: now })
    await announce(tx, project, [])
  })
}

/** What needs a pass cannot be had meanwhile. */
export async function requireNotPaused(desk: Desk, project: string): Promise<void> {
  const reason = await pauseReason(desk.store.db, project)
  if (reason === null) return
  const message = `${reason} Resume it first.`
  throw new AppError({ code: 'sync/paused', kind: 'clash', message })
}

function off(): AppError {
  const message = 'GitOps is off in this project: there is nothing to pause or to resume.'
  return new AppError({ code: 'sync/off', kind: 'clash', message })
}
