import type { OpenEditsWord } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import { type EditRow, openEdits, type Tx } from '../store/index.ts'
import { endEdit, rebaseEdit, reopenEdit } from '../store/sync/write.ts'
import { keepText } from './discard.ts'
import type { GitFile } from './plan-input.ts'
import { applyEdits } from './settle-here.ts'

/** What a person has said becomes of the edits that wait; null = nothing, so there may be none. */
export type OpenEditsChoice = OpenEditsWord | null

/** Rejects where edits wait and nobody has said what becomes of them, or they were to be in git by now. */
export function refuseOpenEdits(edits: readonly EditRow[], choice: OpenEditsChoice): void {
  const [first] = edits
  if (first === undefined || choice === 'apply' || choice === 'discard') return
  const count = edits.length === 1 ? 'An edit waits' : `${edits.length} edits wait`
  const details = { openEdits: edits.length }
  if (choice === null) {
    const message = `${count} for git. Say what becomes of ${edits.length === 1 ? 'it' : 'them'}: push, apply, or discard.`
    throw new AppError({ code: 'sync/open-edits', kind: 'clash', message, details })
  }
  const why = first.reason ?? 'The push has not ended yet.'
  const message = `${count} for git still, and nothing was changed. ${first.name}: ${why} Mend that, or choose otherwise.`
  throw new AppError({ code: 'sync/edits-not-pushed', kind: 'clash', message, details })
}

export async function discardAll(
  tx: Tx,
  project: string,
  { reason, now }: { reason: string; now: Date }
): Promise<void> {
  for (const edit of await openEdits(tx, project)) {
    await keepText(tx, edit, now)
    await endEdit(tx, edit.id, { state: 'discarded', commit: null, reason, now })
  }
}

/**
 * Edits that wait go on to another repository, in their order and with their authors. One of a file that is not there
 * becomes a new file; else it stays made from what it was made from, so another text there is a conflict.
 */
export async function carryEdits(
  tx: Tx,
  project: string,
  { files, now }: { files: readonly GitFile[]; now: Date }
): Promise<void> {
  const present = new Set(files.map(({ path }) => path))
  for (const [path, queue] of Map.groupBy(await openEdits(tx, project), (edit) => edit.path)) {
    // git's text is the one that is here: it goes there as every workflow does
    if (queue.some(({ action }) => action === 'keep-git')) {
      await applyEdits(tx, queue, now)
      continue
    }
    const word = queue.find(({ action }) => action === 'keep-portal' || action === 'resolve')
    const head = word ?? queue[0]
    for (const edit of queue) {
      await rebaseEdit(tx, edit.id, edit === head && !present.has(path) ? null : edit.baseBlob)
      // whether it is one there too is found out anew
      if (word === undefined) await reopenEdit(tx, edit.id)
    }
  }
}
