import type { KnownDefinition, OpenEdit, PlanInput } from './plan-input.ts'

export interface Withholding {
  kind: 'deletions' | 'missing-path'
  paths: string[]
}

/** more deletions than this in one pass wait for a person's approval */
const FREE_DELETIONS = 3

/** Definitions that git had and has no more. */
export function goneFrom({ files, definitions }: Pick<PlanInput, 'files' | 'definitions'>): KnownDefinition[] {
  const present = new Set(files.map((file) => file.path))
  return definitions.filter((definition) => definition.gitBlob !== null && !present.has(definition.path))
}

/**
 * Deletions that nobody may have meant: the whole folder, more than three, or more than half of two and more. Those that
 * were asked for in the portal are not guarded.
 */
export function guardDeletions(input: PlanInput): Withholding | null {
  const paths = goneFrom(input)
    .map((definition) => definition.path)
    .filter((path) => !input.acceptedPaths.has(path) && !input.edits.some((edit) => asksDeletion(edit, path)))
  if (paths.length === 0) return null
  if (input.folderMissing) return { kind: 'missing-path', paths }
  const inGit = input.definitions.filter((definition) => definition.gitBlob !== null).length
  const tooMany = paths.length > FREE_DELETIONS || (inGit >= 2 && paths.length * 2 > inGit)
  return tooMany ? { kind: 'deletions', paths } : null
}

function asksDeletion(edit: OpenEdit, path: string): boolean {
  return edit.path === path && edit.blob === null && edit.action !== 'keep-git'
}
