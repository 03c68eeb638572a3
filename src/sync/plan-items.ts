import type { PlanItem } from '../contract/index.ts'
import type { RunOnPush } from '../domain/index.ts'
import type { PathPlan, SyncPlan } from './plan.ts'
import type { GitFile, OpenEdit } from './plan-input.ts'
import { startsRun } from './push-runs.ts'

export interface PlanWords {
  /** what the project lets a push start */
  runOnPush: RunOnPush
  /** whether a person's push brings what is at this path now */
  isPushed: (path: string) => boolean
}

/** A pass as people read it before it happens, one line for each thing that it would do, by path. Pure. */
export function planItems(plan: SyncPlan, words: PlanWords): PlanItem[] {
  const bad = plan.files.flatMap((file) => (file.content.kind === 'definition' ? [] : [badItem(file)]))
  const withheld = (plan.withheld?.paths ?? []).map((path) => withheldItem(path))
  const items = plan.paths.flatMap((one) => itemsOf(one, words))
  return [...items, ...plan.ready.map(exportItem), ...bad, ...withheld].toSorted((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : 0
  )
}

/** Its file is gone from git, with many others or with the history: a person must approve. */
export function withheldItem(path: string): PlanItem {
  return item(path, 'withhold', { note: 'It waits for an owner to approve that it is deleted.' })
}

function itemsOf(one: PathPlan, words: PlanWords): PlanItem[] {
  const { path, queue } = one
  const changed = changeItem(one, words)
  const ended = changed === null ? queue.ended.filter(({ state }) => state === 'merged') : []
  return [
    ...(changed === null ? [] : [changed]),
    ...ended.map(({ edit, reason }) =>
      item(path, 'settle', { name: edit.name, note: `The edit of ${edit.author} ends. ${reason ?? 'It is in git.'}` })
    ),
    ...(queue.conflict === null ? [] : [conflictItem(path, queue.conflict)])
  ]
}

const CHANGES = {
  create: ['import', 'It is new in git.'],
  update: ['change', 'It was changed in git.'],
  move: ['move', 'It was moved in git.'],
  delete: ['delete', 'It was deleted in git.']
} as const

function changeItem({ path, change, file, definition }: PathPlan, words: PlanWords): PlanItem | null {
  if (change === 'none') return null
  const [action, note] = CHANGES[change]
  const content = file?.content.kind === 'definition' ? file.content : null
  const why = change === 'create' ? 'added' : change === 'update' ? 'changed' : null
  const starts = why !== null && words.isPushed(path) && startsRun(words.runOnPush, content?.runOnPush ?? null, why)
  return item(path, action, {
    name: content?.name ?? definition?.name ?? null,
    note,
    startsRun: starts,
    schedule: content?.schedule ?? null
  })
}

function exportItem({ path, name, blob, author, message }: OpenEdit): PlanItem {
  const what = blob === null ? 'The deletion' : 'The edit'
  return item(path, 'export', { name, note: `${what} of ${author} becomes a commit: ${message}` })
}

function conflictItem(path: string, { edit, reason }: NonNullable<PathPlan['queue']['conflict']>): PlanItem {
  const note = `${reason} The edit of ${edit.author} waits for a person to decide.`
  return item(path, 'conflict', { name: edit.name, note })
}

function badItem({ path, content }: GitFile): PlanItem {
  const [action, problems] =
    content.kind === 'definition' ? (['refused', []] as const) : [content.kind, content.problems]
  const note = problems.find(({ severity }) => severity === 'error')?.message ?? 'It is not valid.'
  return item(path, action, { note, problems: [...problems] })
}

function item(path: string, action: PlanItem['action'], more: Partial<PlanItem> & { note: string }): PlanItem {
  return { path, action, name: null, startsRun: false, schedule: null, problems: [], ...more }
}
