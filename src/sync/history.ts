import { type FileRow, type PassItem, type Tx, waitingWithheld } from '../store/index.ts'
import type { PathPlan, SyncPlan } from './plan.ts'

/** What a pass did, one line each, for the history that people read. Empty: nothing worth a line. */
export async function historyOf(
  tx: Tx,
  project: string,
  { plan, before }: { plan: SyncPlan; before: ReadonlyMap<string, FileRow> }
): Promise<PassItem[]> {
  const rejected = plan.files.flatMap(({ path, blob, content }): PassItem[] => {
    if (content.kind === 'definition' || (before.get(path)?.blob === blob && before.get(path)?.state !== 'good'))
      return []
    return [{ path, action: 'reject', note: content.problems[0]?.message ?? 'It is not valid.' }]
  })
  const shown = new Set((await waitingWithheld(tx, project)).flatMap(({ detail }) => detail.paths))
  const withheld = (plan.withheld?.paths ?? [])
    .filter((path) => !shown.has(path))
    .map((path): PassItem => ({ path, action: 'withhold', note: 'Its deletion waits for approval.' }))
  return [...plan.paths.flatMap(linesOf), ...rejected, ...withheld].slice(0, 1000)
}

function linesOf({ path, change, queue, definition }: PathPlan): PassItem[] {
  const lines: PassItem[] = []
  for (const { edit, commit, state } of queue.ended) {
    if (state === 'merged' && commit !== null)
      lines.push({ path, action: 'commit', note: `${edit.message} (${edit.author}), in git at ${commit.slice(0, 7)}` })
  }
  if (change === 'create' && lines.length === 0) lines.push({ path, action: 'create', note: 'It is new in git.' })
  if (change === 'update' && lines.length === 0) lines.push({ path, action: 'update', note: 'It was changed in git.' })
  if (change === 'delete' && lines.length === 0) lines.push({ path, action: 'delete', note: 'It was deleted in git.' })
  if (change === 'move' || definition?.moved) lines.push({ path, action: 'move', note: 'It was moved in git.' })
  const { conflict } = queue
  if (conflict !== null && !(conflict.edit.state === 'conflict' && (definition?.inConflict ?? true)))
    lines.push({ path, action: 'conflict', note: conflict.reason })
  return lines
}
