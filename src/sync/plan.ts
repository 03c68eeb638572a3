import { guardDeletions, type Withholding } from './deletion-guard.ts'
import { judgeNames, type Names } from './judge-names.ts'
import { movesOf, withMoves } from './moves.ts'
import type { GitFile, KnownDefinition, OpenEdit, PlanInput } from './plan-input.ts'
import { type Ending, planQueue, type QueuePlan } from './plan-queue.ts'
import type { Move } from './renames.ts'

/** What becomes of one path. */
export interface PathPlan {
  path: string
  file: GitFile | null
  definition: KnownDefinition | null
  /** `move`: to this path, with the same text */
  change: 'none' | 'create' | 'update' | 'move' | 'delete'
  /** the edit whose text git has now by a commit of ours, or whose deletion it was */
  writer: OpenEdit | null
  queue: QueuePlan
}

export interface SyncPlan {
  /** by path; only those where something is to be done or shown */
  paths: PathPlan[]
  /** every file with its judgement; the later of two files of one name is invalid here */
  files: GitFile[]
  withheld: Withholding | null
  moves: readonly Move[]
  /** edits that may become commits now, one of each path at most */
  ready: OpenEdit[]
}

/**
 * What one pass changes in Faultline, and which edits it may push. Pure and level-triggered: it looks at what is, so
 * a plan that was applied plans nothing more. Identity is the path, which may move; what git has is shown; an edit may be pushed while
 * git has what it was made from, else it is a conflict, unless both say the same.
 */
export function planPass(seen: PlanInput): SyncPlan {
  const moves = movesOf(seen)
  const input = withMoves(seen, moves)
  const withheld = guardDeletions(input)
  const held = new Set(withheld?.paths)
  const names = judgeNames(input, held)
  const index = new PathIndex(names.files, input)
  const paths = index.paths().flatMap((path) => (held.has(path) ? [] : [planPath(path, index, names)]))
  const ready = paths.flatMap(({ queue }) => (queue.ready === null ? [] : [queue.ready]))
  return { paths: paths.filter(isWork), files: names.files, withheld, moves, ready }
}

function planPath(path: string, index: PathIndex, names: Names): PathPlan {
  const file = index.files.get(path) ?? null
  const definition = index.definitions.get(path) ?? null
  const queue = planQueue(index.edits.get(path) ?? [], {
    blob: file?.blob ?? null,
    ownerOf: (name) => names.owners.get(name),
    occupantOf: (newPath) => index.occupantOf(newPath, path)
  })
  const change = changeOf(file, definition, queue)
  return { path, file, definition, queue, change, writer: writerOf(file, queue.ended) }
}

function changeOf(file: GitFile | null, definition: KnownDefinition | null, queue: QueuePlan): PathPlan['change'] {
  if (file !== null) {
    if (file.content.kind !== 'definition') return 'none'
    if (definition === null) return 'create'
    if (definition.gitBlob !== file.blob) return 'update'
    if (definition.movedFrom === undefined) return 'none'
    // of a file that is named by its path alone
    return file.content.name === definition.name ? 'move' : 'update'
  }
  if (definition === null || queue.conflict !== null || queue.ready !== null) return 'none'
  const wasInGit = definition.gitBlob !== null || definition.deletedInGit
  const asked = queue.ended.some(({ edit, state }) => state === 'merged' && isDeletion(edit))
  return wasInGit || asked ? 'delete' : 'none'
}

function writerOf(file: GitFile | null, ended: readonly Ending[]): OpenEdit | null {
  const blob = file?.blob ?? null
  return ended.findLast(({ edit, commit }) => commit !== null && edit.blob === blob)?.edit ?? null
}

function isDeletion(edit: OpenEdit): boolean {
  return edit.action === 'delete' || (edit.action === 'keep-portal' && edit.blob === null)
}

function isWork({ change, queue, definition }: PathPlan): boolean {
  return change !== 'none' || queue.ended.length > 0 || queue.conflict !== null || definition?.inConflict === true
}

class PathIndex {
  readonly files: ReadonlyMap<string, GitFile>
  readonly definitions: ReadonlyMap<string, KnownDefinition>
  readonly edits: ReadonlyMap<string, OpenEdit[]>
  /** by paths in small letters: many a checkout cannot hold two that differ only by case */
  readonly #taken: ReadonlyMap<string, string[]>

  constructor(files: readonly GitFile[], input: PlanInput) {
    this.files = new Map(files.map((file) => [file.path, file]))
    this.definitions = new Map(input.definitions.map((definition) => [definition.path, definition]))
    this.edits = Map.groupBy(input.edits, (edit) => edit.path)
    this.#taken = Map.groupBy([...this.files.keys(), ...this.definitions.keys()], (path) => path.toLowerCase())
  }

  /** What is at a path, or at one that differs only by case, besides the file that would go there. */
  occupantOf(newPath: string, own: string): string | null {
    return this.#taken.get(newPath.toLowerCase())?.find((path) => path !== own) ?? null
  }

  paths(): string[] {
    return [...new Set([...this.files.keys(), ...this.definitions.keys(), ...this.edits.keys()])].sort()
  }
}
