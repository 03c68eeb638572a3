import {
  type DefinitionRow,
  type FileRow,
  listDefinitions,
  type PassItem,
  type Tx,
  waitingWithheld
} from '../store/index.ts'
import type { PathPlan, SyncPlan } from './plan.ts'

/** Of the definition at a path, before and after the pass; none where it is the same. */
type RevisionsOf = (plan: PathPlan) => PassItem['revisions']

/** After the plan was applied; `definitions`: as they were before. */
export async function revisionsOf(
  tx: Tx,
  project: string,
  { plan, definitions }: { plan: SyncPlan; definitions: readonly DefinitionRow[] }
): Promise<RevisionsOf> {
  if (plan.paths.length === 0) return () => undefined
  const paths = plan.paths.map(({ path }) => path)
  const now = new Map((await listDefinitions(tx, project, paths)).map((row) => [row.path, row]))
  const were = new Map(definitions.map((row) => [row.id, row]))
  return ({ path, definition: known }) => {
    const definition = now.get(path)?.id ?? known?.id
    const before = were.get(known?.id ?? '')?.revision ?? null
    const after = now.get(path)?.revision ?? null
    return definition === undefined || before === after ? undefined : { definition, before, after }
  }
}

/** What a pass did, one line each, for the history that people read. Empty: nothing worth a line. */
export async function historyOf(
  tx: Tx,
  project: string,
  { plan, before, revisionsOf }: { plan: SyncPlan; before: ReadonlyMap<string, FileRow>; revisionsOf: RevisionsOf }
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
  const done = plan.paths.flatMap((path) => withRevisions(linesOf(path), revisionsOf(path)))
  return [...done, ...rejected, ...withheld].slice(0, 1000)
}

function withRevisions(lines: readonly PassItem[], revisions: PassItem['revisions']): PassItem[] {
  return lines.map((line) => (revisions === undefined ? line : { ...line, revisions }))
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
  if (definition?.movedFrom !== undefined)
    lines.push({ path, action: 'move', note: `It was at ${definition.movedFrom} before.` })
  const { conflict } = queue
  if (conflict !== null && !(conflict.edit.state === 'conflict' && (definition?.inConflict ?? true)))
    lines.push({ path, action: 'conflict', note: conflict.reason })
  return lines
}
