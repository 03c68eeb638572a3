import type { GitFile, KnownDefinition, OpenEdit, PlanInput } from './plan-input.ts'

export interface Move {
  /** null: it is not in git yet, only an edit is */
  definition: KnownDefinition | null
  path: string
  to: string
}

/** Files that edits of ours have taken to another path, and such that people took there just as an edit asks. Pure. */
export function renamesOf({ files, definitions, edits }: PlanInput): Move[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const known = new Map(definitions.map((definition) => [definition.path, definition]))
  const moves = new Map<string, Move>()
  for (const edit of edits) {
    if (!takesAway(edit) || moves.has(edit.path) || known.has(edit.newPath)) continue
    const { path, newPath } = edit
    const file = byPath.get(newPath)
    const there = edit.landed === null ? !byPath.has(path) && file?.blob === edit.blob : isIts(file, edit)
    if (there) moves.set(path, { definition: known.get(path) ?? null, path, to: newPath })
  }
  return [...moves.values()]
}

/** The file does not stay where it is. */
export function takesAway(edit: OpenEdit): edit is OpenEdit & { newPath: string } {
  return edit.newPath !== null && edit.newPath !== edit.path
}

/** People may have changed it since, or broken it; a file of another name is another one. */
function isIts(file: GitFile | undefined, edit: OpenEdit): boolean {
  if (file === undefined) return false
  return file.blob === edit.blob || file.content.kind !== 'definition' || file.content.name === edit.name
}
