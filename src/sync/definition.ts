import type { DefinitionKind } from '../domain/index.ts'
import { newId } from '../platform/index.ts'
import { blobId, lastRevisionNumber, sha256, type Tx } from '../store/index.ts'
import {
  findDeleted,
  insertDefinitions,
  insertRevisions,
  type NewRevision,
  updateDefinition
} from '../store/sync/write.ts'
import type { Authorship } from './authorship.ts'

export interface NewPlace {
  project: string
  path: string
  name: string
  kind: DefinitionKind
  now: Date
}

/** A definition without a text yet; answers its id. Where one was deleted at this path, its history goes on. */
export async function openDefinition(tx: Tx, { project, path, name, kind, now }: NewPlace): Promise<string> {
  const fresh = {
    name,
    kind,
    revision: 0,
    gitBlob: null,
    gitCommit: null,
    suspended: null,
    conflict: null,
    deletedAt: null
  }
  const deleted = await findDeleted(tx, project, path)
  if (deleted !== undefined) {
    await updateDefinition(tx, deleted.id, { ...fresh, updatedAt: now })
    return deleted.id
  }
  const id = newId(now)
  const row = { id, projectId: project, path, createdAt: now, updatedAt: now } as const
  await insertDefinitions(tx, [{ ...row, ...fresh }])
  return id
}

/** Always a new number, above all that there were: the one shown may be lower. */
export async function addRevision(tx: Tx, definitionId: string, text: string, by: Authorship): Promise<number> {
  const number = (await lastRevisionNumber(tx, definitionId)) + 1
  await insertRevisions(tx, [revisionOf({ definitionId, number }, text, by)])
  return number
}

export function revisionOf(key: { definitionId: string; number: number }, text: string, by: Authorship): NewRevision {
  const { author, origin, commit, message, at: createdAt } = by
  return { ...key, text, blob: blobId(text), sha256: sha256(text), author, origin, commit, message, createdAt }
}
