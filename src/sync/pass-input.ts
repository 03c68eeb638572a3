import {
  acceptedWithheld,
  blobId,
  type Db,
  type DefinitionConflict,
  type DefinitionRow,
  type EditRow,
  listDefinitions,
  openEdits,
  type Tx
} from '../store/index.ts'
import type { GitFile, KnownDefinition, OpenEdit, PlanInput } from './plan-input.ts'

/** The project's folder as git has it, or would have it. */
export interface GitFolder {
  /** null: of no commit yet */
  commit: string | null
  files: readonly GitFile[]
  folderMissing: boolean
  /** edit request → the commit of ours in this history that it became */
  landed: ReadonlyMap<string, string>
}

export interface PassInput {
  input: PlanInput
  definitions: readonly DefinitionRow[]
  /** by definition */
  conflicts: ReadonlyMap<string, DefinitionConflict>
}

/** All that a pass knows when it plans: what git has, and what is stored here. */
export async function passInput(db: Db | Tx, project: string, git: GitFolder): Promise<PassInput> {
  const definitions = await listDefinitions(db, project)
  const edits = await openEdits(db, project)
  const { files, folderMissing } = git
  const input = {
    files,
    folderMissing,
    definitions: definitions.map(knownDefinition),
    edits: edits.map((edit) => openEdit(edit, git.landed.get(edit.id) ?? null)),
    acceptedPaths: await acceptedPaths(db, project, git.commit)
  }
  const conflicts = definitions.flatMap(({ id, conflict }) => (conflict === null ? [] : [[id, conflict] as const]))
  return { input, definitions, conflicts: new Map(conflicts) }
}

/** An approval counts for the paths that were shown, at that commit. */
async function acceptedPaths(db: Db | Tx, project: string, commit: string | null): Promise<Set<string>> {
  const rows = await acceptedWithheld(db, project)
  return new Set(
    rows
      .filter(({ kind, detail }) => (kind === 'deletions' || kind === 'missing-path') && detail.tip === commit)
      .flatMap(({ detail }) => detail.paths)
  )
}

function knownDefinition(row: DefinitionRow): KnownDefinition {
  const { id, path, name, gitBlob, conflict } = row
  return {
    id,
    path,
    name,
    gitBlob,
    inConflict: conflict !== null,
    deletedInGit: conflict !== null && conflict.gitText === null && conflict.gitBlob === null
  }
}

function openEdit(row: EditRow, landed: string | null): OpenEdit {
  const { id, path, newPath, name, action, text, message, author, authorEmail, createdAt, baseBlob } = row
  const blob = text === null ? null : blobId(text)
  const state = row.state === 'conflict' ? 'conflict' : 'open'
  return {
    id,
    path,
    newPath,
    name,
    action,
    state,
    text,
    message,
    author,
    authorEmail,
    createdAt,
    blob,
    baseBlob,
    landed
  }
}
