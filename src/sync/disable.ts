import { AppError } from '../platform/index.ts'
import { openEdits, settingsOf, type Tx, transaction } from '../store/index.ts'
import { announce, endEdit, forgetGit, holdProject, resetState, saveSettings } from '../store/sync/write.ts'
import type { Desk } from './desk.ts'
import { keepText } from './discard.ts'
import { NOT_PAUSED } from './pause.ts'
import { applyHere } from './settle-here.ts'

/** From here on Faultline alone has the workflows; what waits for git is applied here or discarded, as a person says. */
export async function disableGitops(
  desk: Desk,
  project: string,
  order: { openEdits: 'apply' | 'discard' | null; user: string }
): Promise<void> {
  await transaction(desk.store.db, async (tx) => {
    const now = desk.clock.now()
    await holdProject(tx, project, null)
    const settings = await settingsOf(tx, project)
    if (settings === undefined || !settings.enabled) return
    const waiting = await openEdits(tx, project)
    if (waiting.length > 0 && order.openEdits === null) throw openEditsLeft(waiting.length)
    if (order.openEdits === 'discard') await discardAll(tx, project, { user: order.user, now })
    else await applyHere(tx, project, now)
    await forgetGit(tx, project)
    await saveSettings(tx, { ...settings, enabled: false, ...NOT_PAUSED, epoch: settings.epoch + 1, updatedAt: now })
    await resetState(tx, project)
    await announce(tx, project, [])
  })
}

async function discardAll(tx: Tx, project: string, { user, now }: { user: string; now: Date }): Promise<void> {
  for (const edit of await openEdits(tx, project)) {
    await keepText(tx, edit, now)
    await endEdit(tx, edit.id, { state: 'discarded', commit: null, reason: `${user} turned GitOps off.`, now })
  }
}

function openEditsLeft(count: number): AppError {
  const message = `${count === 1 ? 'An edit waits' : `${count} edits wait`} for git. Say what becomes of ${count === 1 ? 'it' : 'them'}: apply here, or discard.`
  return new AppError({ code: 'sync/open-edits', kind: 'clash', message, details: { openEdits: count } })
}
