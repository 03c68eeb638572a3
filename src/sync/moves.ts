import { goneFrom } from './deletion-guard.ts'
import type { GitFile, KnownDefinition, OpenEdit, PlanInput } from './plan-input.ts'
import { type Move, renamesOf } from './renames.ts'

/**
 * Files that were moved. By an edit of ours: then it says so. By people: one that is missing and one that is new share
 * name or blob, and neither shares it with another; what is ambiguous is a deletion and new files, as git itself has it.
 * A deletion that was asked for is no move.
 */
export function movesOf(input: PlanInput): Move[] {
  const renames = renamesOf(input)
  const rest = withMoves(input, renames)
  const asked = new Set(
    rest.edits.flatMap(({ path, blob, action }) => (blob === null && action !== 'keep-git' ? [path] : []))
  )
  const missing = goneFrom(rest).filter(({ path }) => !asked.has(path))
  const known = new Set(rest.definitions.map(({ path }) => path))
  const fresh = rest.files.filter(({ path, content }) => content.kind === 'definition' && !known.has(path))
  const pairs = missing.flatMap((definition) => {
    const looks = looksOf(definition, rest.edits)
    return fresh.filter((file) => isAlike(looks, file)).map((file) => ({ definition, file }))
  })
  const alone = <T>(pick: (pair: (typeof pairs)[number]) => T, one: T) =>
    pairs.filter((pair) => pick(pair) === one).length === 1
  const found = pairs.flatMap(({ definition, file }) =>
    alone((pair) => pair.definition, definition) && alone((pair) => pair.file, file)
      ? [{ definition, path: definition.path, to: file.path }]
      : []
  )
  return [...renames, ...found]
}

/** What it was, and what edits of ours that have landed made of it: git may have moved it on before it was looked at. */
function looksOf({ path, name, gitBlob }: KnownDefinition, edits: readonly OpenEdit[]) {
  const landed = edits.filter((edit) => edit.path === path && edit.landed !== null)
  const names = new Set([name, ...landed.map((edit) => edit.name)])
  return { names, blobs: new Set([gitBlob, ...landed.map((edit) => edit.blob)]) }
}

function isAlike({ names, blobs }: ReturnType<typeof looksOf>, { blob, content }: GitFile): boolean {
  return blobs.has(blob) || (content.kind === 'definition' && names.has(content.name))
}

/** The same, with the moved definitions and what waits for them at their new places. */
export function withMoves(input: PlanInput, moves: readonly Move[]): PlanInput {
  if (moves.length === 0) return input
  const places = new Map(moves.map(({ path, to }) => [path, to]))
  const moved = <T extends { path: string }>(one: T): T => ({ ...one, path: places.get(one.path) ?? one.path })
  return {
    ...input,
    definitions: input.definitions.map((one) => (places.has(one.path) ? { ...moved(one), movedFrom: one.path } : one)),
    edits: input.edits.map((edit) => {
      const at = moved(edit)
      return edit.newPath === null ? at : { ...at, newPath: inFolderOf(at.path, edit.newPath) }
    })
  }
}

/** A file that is renamed keeps its folder, also where people move it meanwhile. */
function inFolderOf(path: string, file: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1) + file.slice(file.lastIndexOf('/') + 1)
}
