import { AppError } from '../platform/index.ts'
import { definitionAt, type EditRow, findEdit, syncStateOf, type Tx, transaction } from '../store/index.ts'
import { announce, endEdit, holdProject, knock } from '../store/sync/write.ts'
import { fromPortal } from './authorship.ts'
import { addRevision } from './definition.ts'
import type { Desk } from './desk.ts'

/** A person's word ends an edit that has not reached git; its text stays in the history. */
export function discardEdit(
  desk: Desk,
  project: string,
  { edit: id, user }: { edit: string; user: string }
): Promise<void> {
  return transaction(desk.store.db, async (tx) => {
    const now = desk.clock.now()
    await holdProject(tx, project, null)
    const edit = await findEdit(tx, project, id)
    if (edit === undefined || (edit.state !== 'open' && edit.state !== 'conflict')) throw ended()
    if (edit.tries.length > 0 && (await isInHand(desk, tx, project))) throw beingPushed()
    await keepText(tx, edit, now)
    await endEdit(tx, id, { state: 'discarded', commit: null, reason: `${user} discarded it.`, now })
    await knock(tx, project, now)
    await announce(tx, project, [edit.name])
  })
}

/** The text of an edit that is not taken over stays readable as a revision, where there is a definition. */
export async function keepText(tx: Tx, edit: EditRow, now: Date): Promise<void> {
  if (edit.text === null) return
  const definition = await definitionAt(tx, edit.projectId, edit.path)
  if (definition === undefined) return
  await addRevision(tx, definition.id, edit.text, fromPortal(edit, null, now))
}

async function isInHand({ clock }: Desk, tx: Tx, project: string): Promise<boolean> {
  const state = await syncStateOf(tx, project)
  return state !== undefined && state.leasedUntil !== null && state.leasedUntil > clock.now()
}

function ended(): AppError {
  const message = 'This edit has ended already; read the workflow again.'
  return new AppError({ code: 'sync/edit-ended', kind: 'clash', message })
}

function beingPushed(): AppError {
  const message = 'This edit is on its way to git right now. Look again in a moment.'
  return new AppError({ code: 'sync/edit-in-push', kind: 'clash', message })
}
