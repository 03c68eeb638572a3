import {
  type DefinitionRow,
  type EditRow,
  findDefinition,
  listDefinitions,
  openEdits,
  type Tx,
  transaction
} from '../store/index.ts'
import { announce, endEdit, holdProject, updateDefinition } from '../store/sync/write.ts'
import { fromPortal } from './authorship.ts'
import { addRevision, openDefinition } from './definition.ts'
import type { Desk } from './desk.ts'

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
  const edits = await openEdits(tx, project)
  for (const edit of edits) {
    const refusal = await applyOne(tx, edit, now)
    const state = refusal === null ? 'merged' : 'discarded'
    await endEdit(tx, edit.id, { state, commit: null, reason: refusal, now })
  }
  return [...new Set(edits.map((edit) => edit.name))]
}

/** Null, or why it cannot be done. */
async function applyOne(tx: Tx, edit: EditRow, now: Date): Promise<string | null> {
  if (edit.action === 'keep-git') return null
  const known = await definitionAt(tx, edit)
  if (edit.text === null) {
    if (known !== undefined) await updateDefinition(tx, known.id, { deletedAt: now, updatedAt: now })
    return null
  }
  const owner = await findDefinition(tx, edit.projectId, edit.name)
  if (owner !== undefined && owner.path !== edit.path) return `The name ${edit.name} is taken by ${owner.path}.`
  const { projectId: project, path, name } = edit
  const id = known?.id ?? (await openDefinition(tx, { project, path, name, now }))
  const revision = await addRevision(tx, id, edit.text, fromPortal(edit, null, now))
  await updateDefinition(tx, id, { revision, updatedAt: now })
  return null
}

async function definitionAt(tx: Tx, { projectId, path }: EditRow): Promise<DefinitionRow | undefined> {
  return (await listDefinitions(tx, projectId)).find((definition) => definition.path === path)
}
