import type { DefinitionKind, Problem, RunOnPush } from '../domain/index.ts'

/** All that a pass knows when it plans. */
export interface PlanInput {
  /** of the project's folder at the commit that is looked at */
  files: readonly GitFile[]
  definitions: readonly KnownDefinition[]
  /** all that have not ended, in their order */
  edits: readonly OpenEdit[]
  /** the folder is not in the commit */
  folderMissing: boolean
  /** deletions that a person has approved */
  acceptedPaths: ReadonlySet<string>
}

/** A file of the project's folder as git has it, read and judged. */
export interface GitFile {
  path: string
  blob: string
  content: FileContent
}

/** Text null: the definition has it already, and what it says is known. */
export interface GoodFile {
  kind: 'definition'
  of: DefinitionKind
  name: string
  text: string | null
  /** what the file itself lets a push start */
  runOnPush?: RunOnPush | null
  /** when it starts by itself, in words */
  schedule?: string | null
}

export type FileContent =
  | GoodFile
  /** `refused`: not even read (a link, too large); text null: not read, or not read again */
  | { kind: 'invalid' | 'refused'; problems: readonly Problem[]; text: string | null }

export interface KnownDefinition {
  id: string
  path: string
  name: string
  /** git's last good text; null = not in git */
  gitBlob: string | null
  inConflict: boolean
  /** its file had this path before, and has another one now */
  movedFrom?: string
  /** git has deleted it while an edit of it was waiting: that is the conflict */
  deletedInGit: boolean
}

export interface OpenEdit {
  id: string
  path: string
  /** where it takes the file to; null = it stays */
  newPath: string | null
  name: string
  action: 'save' | 'rename' | 'delete' | 'restore' | 'keep-git' | 'keep-portal' | 'resolve'
  state: 'open' | 'conflict'
  text: string | null
  message: string
  author: string
  authorEmail: string
  createdAt: Date
  /** of the text; null = a deletion */
  blob: string | null
  /** what it was made from; null = nothing was there */
  baseBlob: string | null
  /** the commit of ours that brought it into the branch's history */
  landed: string | null
}
