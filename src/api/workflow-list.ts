import type { WorkflowSummary } from '../contract/index.ts'
import type { SyncState } from '../domain/index.ts'
import { definitionKind } from '../manifest/index.ts'
import {
  type DefinitionRow,
  type EditRow,
  type FileRow,
  invalidFiles,
  type LastRuns,
  type ListedPath,
  type ListedQuery,
  lastRunsOf,
  listDefinitions,
  listPaths,
  openEdits,
  pauseReason,
  type ScheduleRow,
  schedulesOf,
  settingsOf,
  type Tx,
  type WithheldRow,
  waitingWithheld
} from '../store/index.ts'
import { iso } from './view-run.ts'
import { scheduleSummary } from './view-schedule.ts'

const SCORES = 10

/** By path, or by definition: a list of thousands is one walk. */
interface Known {
  enabled: boolean
  /** why nothing goes to git at all */
  paused: string | null
  edits: Map<string, EditRow[]>
  files: Map<string, FileRow>
  withheld: WithheldRow[]
  runs: Map<string, LastRuns[]>
  schedules: Map<string, ScheduleRow>
}

/** One page of them, by name; the caller gives a snapshot, so that they agree with each other. */
export async function summaryPage(db: Tx, projectId: string, query: ListedQuery): Promise<WorkflowSummary[]> {
  const listed = await listPaths(db, projectId, query)
  if (listed.length === 0) return []
  const rows = await summaries(
    db,
    projectId,
    listed.map(({ path }) => path)
  )
  const found = new Map(rows.map((row) => [lineOf(row), row]))
  return listed.flatMap((line) => found.get(lineOf(line)) ?? [])
}

/** Workflows, edits that wait to become one, and bad files of the repository, at these paths. */
export async function summaries(db: Tx, projectId: string, paths: readonly string[]): Promise<WorkflowSummary[]> {
  if (paths.length === 0) return []
  const definitions = await listDefinitions(db, projectId, paths)
  const edits = await openEdits(db, projectId, paths)
  const files = await invalidFiles(db, projectId, paths)
  const ids = definitions.map((row) => row.id)
  const known: Known = {
    enabled: (await settingsOf(db, projectId))?.enabled ?? false,
    paused: await pauseReason(db, projectId),
    edits: Map.groupBy(edits, (edit) => edit.path),
    files: new Map(files.map((file) => [file.path, file])),
    withheld: await waitingWithheld(db, projectId),
    runs: Map.groupBy(await lastRunsOf(db, ids, SCORES), (run) => run.definitionId),
    schedules: new Map((await schedulesOf(db, ids)).map((row) => [row.definitionId, row]))
  }
  return [
    ...definitions.map((definition) => ofDefinition(definition, known)),
    ...firstEdits(definitions, edits, known.paused),
    ...badFiles(definitions, files)
  ]
}

function lineOf({ name, path }: ListedPath): string {
  return `${name}\n${path}`
}

function ofDefinition(definition: DefinitionRow, known: Known): WorkflowSummary {
  const edits = known.edits.get(definition.path) ?? []
  const file = known.files.get(definition.path)
  const withheld = known.withheld.find((item) => isDeletion(item) && item.detail.paths.includes(definition.path))
  const runs = known.runs.get(definition.id) ?? []
  const last = runs[0]
  return {
    name: definition.name,
    path: definition.path,
    definition: definition.id,
    kind: definition.kind,
    revision: definition.revision,
    ...syncOf({ definition, edits, file, withheld, known }),
    commit: definition.gitCommit,
    fileCommit: file?.commit ?? definition.gitCommit,
    problems: file?.problems ?? [],
    schedule: scheduleSummary(known.schedules.get(definition.id)),
    suspended: suspended(definition, edits, known),
    updatedAt: definition.updatedAt.toISOString(),
    lastRun: last === undefined ? null : lastRunView(last),
    scores: runs
      .filter((run) => run.phase === 'completed')
      .map((run) => run.score)
      .toReversed()
  }
}

function lastRunView({ id, phase, verdict, score, createdAt }: LastRuns): WorkflowSummary['lastRun'] {
  return { id, phase, verdict, score, at: createdAt.toISOString() }
}

interface SyncFacts {
  definition: DefinitionRow
  edits: EditRow[]
  file: FileRow | undefined
  withheld: WithheldRow | undefined
  known: Pick<Known, 'enabled' | 'paused'>
}

/** The most urgent thing first: what a person must decide, then what is wrong, then what only takes time. */
function syncOf({ definition, edits, file, withheld, known }: SyncFacts): {
  sync: SyncState
  syncNote: string | null
} {
  if (definition.conflict !== null)
    return { sync: 'conflict', syncNote: 'Git and the portal both changed it: keep one.' }
  if (withheld !== undefined)
    return { sync: 'withheld', syncNote: 'It is gone from git; the deletion waits for approval.' }
  if (file !== undefined)
    return { sync: 'invalid-in-git', syncNote: 'The file in git is not valid; the last good revision is kept.' }
  const [edit] = edits
  if (edit !== undefined) return { sync: 'waiting-for-git', syncNote: known.paused ?? edit.reason }
  return known.enabled && definition.gitBlob !== null
    ? { sync: 'in-git', syncNote: null }
    : { sync: 'not-in-git', syncNote: null }
}

/** A rewrite or a missing branch holds the whole project up; it says nothing of one file. */
function isDeletion({ kind }: WithheldRow): boolean {
  return kind === 'deletions' || kind === 'missing-path'
}

function suspended(definition: DefinitionRow, edits: EditRow[], { withheld, paused }: Known): string | null {
  if (edits.some((edit) => edit.action === 'delete')) return 'its deletion was requested'
  const held = withheld.find((item) => item.kind !== 'deletions' || item.detail.paths.includes(definition.path))
  if (held !== undefined) return `the repository waits for a decision (${held.kind})`
  return definition.suspended ?? (paused === null ? null : 'GitOps is paused')
}

/** New workflows that are not in git yet. */
function firstEdits(definitions: DefinitionRow[], edits: EditRow[], paused: string | null): WorkflowSummary[] {
  const paths = new Set(definitions.map((row) => row.path))
  const latest = new Map(edits.filter((edit) => !paths.has(edit.path)).map((edit) => [edit.path, edit]))
  return [...latest.values()].map((edit) => ({
    ...blank(edit.name, edit.path, edit.createdAt),
    kind: definitionKind(edit.text ?? ''),
    sync: edit.state === 'conflict' ? 'conflict' : 'waiting-for-git',
    syncNote: edit.state === 'open' ? (paused ?? edit.reason) : edit.reason
  }))
}

function badFiles(definitions: DefinitionRow[], files: FileRow[]): WorkflowSummary[] {
  const paths = new Set(definitions.map((row) => row.path))
  return files
    .filter((file) => !paths.has(file.path))
    .map((file) => ({
      ...blank(file.path.slice(file.path.lastIndexOf('/') + 1), file.path, file.seenAt),
      sync: 'invalid-in-git',
      syncNote: file.state === 'refused' ? 'This file is not read.' : 'This file is not valid.',
      commit: file.commit,
      fileCommit: file.commit,
      problems: file.problems ?? []
    }))
}

function blank(name: string, path: string, at: Date): WorkflowSummary {
  return {
    name,
    path,
    definition: null,
    kind: null,
    revision: null,
    sync: 'not-in-git',
    syncNote: null,
    commit: null,
    fileCommit: null,
    problems: [],
    suspended: null,
    schedule: null,
    updatedAt: iso(at) ?? '',
    lastRun: null,
    scores: []
  }
}
