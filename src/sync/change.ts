import type { GitopsBody } from '../contract/index.ts'
import { AppError, newId } from '../platform/index.ts'
import { openEdits, type SettingsRow, settingsOf, type Tx, toJson, transaction } from '../store/index.ts'
import { announce, holdProject, insertPass } from '../store/sync/write.ts'
import { connect, lookAt, rehome } from './connect.ts'
import { publicHalf } from './credentials.ts'
import { type Desk, placeOf } from './desk.ts'
import { changedMeanwhile, type EnableOrder, prepareBranch } from './enable.ts'
import { carryEdits, discardAll, type OpenEditsChoice, refuseOpenEdits } from './open-edits.ts'
import { refuseOverlap } from './overlap.ts'
import type { GitFile } from './plan-input.ts'
import { isMoved, merge, saveGitops } from './settings.ts'

export interface ChangeOrder extends EnableOrder {
  settings: GitopsBody
  openEdits: OpenEditsChoice
  /** login */
  user: string
  /** a pass that pushes what waits; answers when it has ended */
  push: () => Promise<unknown>
}

/**
 * To another repository, branch or folder while GitOps is on. The repository until now is not touched; the new one is
 * connected as at the first enabling. Where nothing moves it is a change of the other settings.
 */
export async function changeGitops(desk: Desk, project: string, order: ChangeOrder): Promise<void> {
  const before = await enabledSettingsOf(desk, project)
  const after = await merged(desk, before, order.settings)
  if (!isMoved(before, after)) return saveGitops(desk, project, order.settings)
  await refuseOverlap(desk.store.db, after)
  if (order.openEdits === 'push') await order.push()
  refuseOpenEdits(await openEdits(desk.store.db, project), order.openEdits)
  await prepareBranch(desk, placeOf(desk, after), order)
  const { files } = await lookAt(desk, after, order.signal)
  await transaction(desk.store.db, async (tx) => {
    const now = desk.clock.now()
    if (!(await holdProject(tx, project, { epoch: before.epoch }))) throw changedMeanwhile()
    refuseOpenEdits(await openEdits(tx, project), order.openEdits)
    await settleOpenEdits(tx, { before, after }, { order, files, now })
    await connect(tx, { settings: after, from: before.path, files, author: order.author, now })
    await note(tx, { after, user: order.user, now })
    await announce(tx, project, [])
  })
}

async function enabledSettingsOf({ store }: Desk, project: string): Promise<SettingsRow> {
  const settings = await settingsOf(store.db, project)
  if (settings?.enabled) return settings
  const message = 'GitOps is off in this project: save the settings, then enable it.'
  throw new AppError({ code: 'sync/off', kind: 'clash', message })
}

/** Schedules of another repository are paused unless they are said to be active at once anew. */
async function merged(desk: Desk, before: SettingsRow, body: GitopsBody): Promise<SettingsRow> {
  const sshPublicKey = await publicHalf(desk, body)
  const after = merge(desk, before.projectId, { before, body })
  const activateSchedules = body.activateSchedules ?? false
  return { ...after, activateSchedules, ...(sshPublicKey !== undefined && { sshPublicKey }) }
}

interface Step {
  order: ChangeOrder
  files: readonly GitFile[]
  now: Date
}

async function settleOpenEdits(
  tx: Tx,
  { before, after }: { before: SettingsRow; after: SettingsRow },
  { order, files, now }: Step
): Promise<void> {
  const { projectId: project } = after
  if (order.openEdits === 'discard')
    return discardAll(tx, project, { reason: `${order.user} changed the repository.`, now })
  await rehome(tx, project, { folders: { from: before.path, to: after.path }, files })
  await carryEdits(tx, project, { files, now })
}

/** A line in the history, which goes on. */
async function note(tx: Tx, { after, user, now }: { after: SettingsRow; user: string; now: Date }): Promise<void> {
  const { projectId, url, branch, path } = after
  const message = `${user} changed the repository to ${url}, ${branch}:${path}.`
  const times = { startedAt: now, endedAt: now }
  await insertPass(tx, {
    id: newId(now),
    projectId,
    ...times,
    outcome: 'changed',
    tip: null,
    code: null,
    message,
    items: toJson([])
  })
}
