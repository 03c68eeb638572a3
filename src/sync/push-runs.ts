import type { Cause, RunOnPush } from '../domain/index.ts'
import { RUN_ON_PUSH } from '../domain/index.ts'

export interface PushedChange {
  definition: string
  name: string
  blob: string
  what: 'added' | 'changed'
  /** the commit that brought it */
  commit: string
  author: string
  /** the file's own word, which only narrows; null = none */
  allows: RunOnPush | null
}

export interface AskedRun {
  definition: string
  name: string
  blob: string
  commit: string
  author: string
  allows: RunOnPush | null
}

export interface PushInput {
  /** what the project lets a push start */
  mode: RunOnPush
  /** workflows that commits of people have added or changed */
  changes: readonly PushedChange[]
  /** workflows that trailers of such commits ask for */
  asked: readonly AskedRun[]
}

export interface PushRun {
  definition: string
  name: string
  /** at most one run for it, whatever is repeated */
  dedupeKey: string
  cause: Extract<Cause, { kind: 'git' }>
}

/** Which runs a push starts: by trailer, when added, when changed; each level allows what those before it do. Pure. */
export function runsOfPush({ mode, changes, asked }: PushInput): PushRun[] {
  const wanted = [
    ...asked.map((one) => ({ ...one, why: 'trailer' as const })),
    ...changes.map((one) => ({ ...one, why: one.what }))
  ]
  const runs = new Map<string, PushRun>()
  for (const { definition, name, blob, commit, author, allows, why } of wanted) {
    if (!startsRun(mode, allows, why)) continue
    const dedupeKey = `git/${definition}/${blob}/${commit}`
    if (!runs.has(dedupeKey))
      runs.set(dedupeKey, { definition, name, dedupeKey, cause: { kind: 'git', commit, author, why } })
  }
  return [...runs.values()]
}

/** Whether a push that adds or changes a file starts a run: as the project lets it, and the file's own word, which only narrows. */
export function startsRun(mode: RunOnPush, allows: RunOnPush | null, why: Exclude<RunOnPush, 'never'>): boolean {
  return reaches(mode, why) && reaches(allows ?? mode, why)
}

function reaches(mode: RunOnPush, why: Exclude<RunOnPush, 'never'>): boolean {
  return RUN_ON_PUSH.indexOf(mode) >= RUN_ON_PUSH.indexOf(why)
}
