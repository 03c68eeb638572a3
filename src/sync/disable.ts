import { AppError } from '../platform/index.ts'
import { openEdits, settingsOf, transaction } from '../store/index.ts'
import {
  announce,
  deleteInGit,
  forgetGit,
  holdProject,
  resetState,
  saveSettings,
  undeleteAt
} from '../store/sync/write.ts'
import type { Desk } from './desk.ts'
import { discardAll, type OpenEditsChoice, refuseOpenEdits } from './open-edits.ts'
import { NOT_PAUSED } from './pause.ts'
import { applyHere } from './settle-here.ts'

export interface DisableOrder {
  openEdits: OpenEditsChoice
  /** what becomes of those that are in git; a deletion is soft, and git keeps its files */
  workflows: 'keep' | 'delete'
  /** login */
  user: string
  /** a pass that pushes what waits; answers when it has ended */
  push: () => Promise<unknown>
}

/** From here on Faultline alone has the workflows; what waits for git is applied here or discarded, as a person says. */
export async function disableGitops(desk: Desk, project: string, order: DisableOrder): Promise<void> {
  if (order.openEdits === 'push') await order.push()
  await transaction(desk.store.db, async (tx) => {
    const now = desk.clock.now()
    await holdProject(tx, project, null)
    const settings = await settingsOf(tx, project)
    if (settings === undefined || !settings.enabled) return
    refuseOpenEdits(await openEdits(tx, project), order.openEdits)
    if (order.openEdits === 'discard')
      await discardAll(tx, project, { reason: `${order.user} turned GitOps off.`, now })
    else await applyHere(tx, project, now)
    const deleted = order.workflows === 'delete' ? await deleteInGit(tx, project, now) : []
    await forgetGit(tx, project)
    const off = { enabled: false, ...NOT_PAUSED, workflowsDeletedAt: deleted.length > 0 ? now : null }
    await saveSettings(tx, { ...settings, ...off, epoch: settings.epoch + 1, updatedAt: now })
    await resetState(tx, project)
    await announce(tx, project, deleted)
  })
}

/** Those that turning GitOps off has deleted are back, as they were; their schedules are paused. */
export function restoreWorkflows(desk: Desk, project: string): Promise<void> {
  return transaction(desk.store.db, async (tx) => {
    const now = desk.clock.now()
    await holdProject(tx, project, null)
    const settings = await settingsOf(tx, project)
    const at = settings?.workflowsDeletedAt ?? null
    if (at === null) throw nothingDeleted()
    const names = await undeleteAt(tx, project, { at, now })
    if (names.length === 0) throw nothingDeleted()
    await announce(tx, project, names)
  })
}

function nothingDeleted(): AppError {
  const message =
    'Turning GitOps off has deleted nothing that could be restored, or other workflows have the names by now.'
  return new AppError({ code: 'sync/nothing-to-restore', kind: 'missing', message })
}
