import { definitionKind } from '../manifest/index.ts'
import {
  type DefinitionRow,
  definitionAt,
  type EditRow,
  findDefinition,
  openEdits,
  type Tx,
  transaction
} from '../store/index.ts'
import { announce, endEdit, holdProject, parkName, updateDefinition } from '../store/sync/write.ts'
import { fromPortal } from './authorship.ts'
import { addRevision, openDefinition } from './definition.ts'
import type { Desk } from './desk.ts'
import { keepText } from './discard.ts'

/** With GitOps off: what was asked for is done here, without the git leg. */
export function settleHere(desk: Desk, project: string): Promise<void> {
  return transaction(desk.store.db, async (tx) => {
    await holdProject(tx, project, null)
    const names = await applyHere(tx, project, desk.clock.now())
    if (names.length > 0) await announce(tx, project, names)
  })
}

/** Each edit in its order; the caller holds the project. Answers the names of the workflows that changed. */
export async function applyHere(tx: Tx, project: string, now: Date): Promise<string[]> {
  return applyEdits(tx, await openEdits(tx, project), now)
}

export async function applyEdits(tx: Tx, edits: readonly EditRow[], now: Date): Promise<string[]> {
  const words = new Map(edits.flatMap((edit) => (edit.action === 'keep-git' ? [[edit.path, edit]] : [])))
  // what a rename has moved, the edits behind it are about
  const places = new Map<string, string>()
  for (const asked of edits) {
    const edit = { ...asked, path: places.get(asked.path) ?? asked.path }
    const word = edit.state === 'conflict' ? words.get(asked.path) : undefined
    const refusal = word === undefined ? await applyOne(tx, edit, now) : await giveWay(tx, edit, { word, now })
    if (refusal === null && edit.newPath !== null) places.set(asked.path, edit.newPath)
    const state = refusal === null ? 'merged' : 'discarded'
    await endEdit(tx, edit.id, { state, commit: null, reason: refusal, now })
  }
  return [...new Set(edits.map((edit) => edit.name))]
}

/** A person has kept git's text; the portal's stays in the history. */
async function giveWay(tx: Tx, edit: EditRow, { word, now }: { word: EditRow; now: Date }): Promise<string> {
  await keepText(tx, edit, now)
  return `${word.author} kept git's text.`
}

/** Null, or why it cannot be done. */
async function applyOne(tx: Tx, edit: EditRow, now: Date): Promise<string | null> {
  const known = await definitionAt(tx, edit.projectId, edit.path)
  const deletes = edit.action === 'keep-git' ? wasDeletedInGit(known) : edit.text === null
  if (deletes && known !== undefined) await updateDefinition(tx, known.id, { deletedAt: now, updatedAt: now })
  if (edit.text === null) return null
  const owner = await findDefinition(tx, edit.projectId, edit.name)
  if (owner !== undefined && owner.path !== edit.path) return `The name ${edit.name} is taken by ${owner.path}.`
  const { projectId: project, name, newPath } = edit
  const path = newPath ?? edit.path
  const occupant = path === edit.path ? undefined : await definitionAt(tx, project, path)
  if (occupant !== undefined) return `There is a workflow at ${path} already.`
  const kind = definitionKind(edit.text) ?? 'Workflow'
  const id = known?.id ?? (await openDefinition(tx, { project, path, name, kind, now }))
  if (known !== undefined && known.name !== name) await parkName(tx, id)
  const revision = await addRevision(tx, id, edit.text, fromPortal(edit, null, now))
  await updateDefinition(tx, id, { path, name, kind, revision, updatedAt: now })
  return null
}

/** What git's side of the conflict was. */
function wasDeletedInGit(known: DefinitionRow | undefined): boolean {
  return known?.conflict?.gitBlob === null
}
