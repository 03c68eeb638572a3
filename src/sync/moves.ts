import { goneFrom } from './deletion-guard.ts'
import type { GitFile, KnownDefinition, PlanInput } from './plan-input.ts'

export interface Move {
  definition: KnownDefinition
  to: string
}

/**
 * Files that were moved: one that is missing and one that is new share name or blob, and neither shares it with another.
 * What is ambiguous is a deletion and new files, as git itself has it. A deletion that was asked for is no move.
 */
export function movesOf(input: PlanInput): Move[] {
  const asked = new Set(
    input.edits.flatMap(({ path, blob, action }) => (blob === null && action !== 'keep-git' ? [path] : []))
  )
  const missing = goneFrom(input).filter(({ path }) => !asked.has(path))
  const known = new Set(input.definitions.map(({ path }) => path))
  const fresh = input.files.filter(({ path, content }) => content.kind === 'definition' && !known.has(path))
  const pairs = missing.flatMap((definition) =>
    fresh.filter((file) => alike(definition, file)).map((file) => ({ definition, file }))
  )
  const alone = <T>(pick: (pair: (typeof pairs)[number]) => T, one: T) =>
    pairs.filter((pair) => pick(pair) === one).length === 1
  return pairs.flatMap(({ definition, file }) =>
    alone((pair) => pair.definition, definition) && alone((pair) => pair.file, file)
      ? [{ definition, to: file.path }]
      : []
  )
}

function alike({ name, gitBlob }: KnownDefinition, { blob, content }: GitFile): boolean {
  return gitBlob === blob || (content.kind === 'definition' && content.name === name)
}

/** The same, with the moved definitions and what waits for them at their new places. */
export function withMoves(input: PlanInput, moves: readonly Move[]): PlanInput {
  if (moves.length === 0) return input
  const places = new Map(moves.map(({ definition, to }) => [definition.path, to]))
  const moved = <T extends { path: string }>(one: T): T => ({ ...one, path: places.get(one.path) ?? one.path })
  return {
    ...input,
    definitions: input.definitions.map((one) => (places.has(one.path) ? { ...moved(one), movedFrom: one.path } : one)),
    edits: input.edits.map(moved)
  }
}
