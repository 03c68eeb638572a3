import type { RepositoryFile, WorkflowSummary } from '../contract/index.ts'
import { type FileRow, knownFiles, listFilePaths, type Tx } from '../store/index.ts'
import { summaries } from './workflow-list.ts'

export interface FilesAsked {
  /** in the path */
  q?: string
  /** the last path of the page before */
  after?: string
  limit: number
}

/** One page of the project's folder in the repository, by path; the caller gives a snapshot. */
export async function filePage(db: Tx, projectId: string, query: FilesAsked): Promise<RepositoryFile[]> {
  const paths = await listFilePaths(db, projectId, query)
  if (paths.length === 0) return []
  const files = new Map((await knownFiles(db, projectId, paths)).map((file) => [file.path, file]))
  const rows = Map.groupBy(await summaries(db, projectId, paths), (row) => row.path)
  return paths.map((path) => fileView(path, files.get(path), rows.get(path) ?? []))
}

/** A path may be an edit on its way and a bad file at once: then what a person sees is the bad file. */
function fileView(path: string, file: FileRow | undefined, rows: readonly WorkflowSummary[]): RepositoryFile {
  const bad = rows.find(({ definition, sync }) => definition === null && sync === 'invalid-in-git')
  const row = bad ?? rows[0]
  const commit = file?.commit ?? null
  const unread = file?.state === 'ignored' || (file?.state === 'refused' && (row === undefined || row === bad))
  if (file !== undefined && unread)
    return { path, state: 'ignored', note: whyIgnored(file), workflow: null, commit, problems: [] }
  if (row === undefined) return { path, state: 'not-in-git', note: null, workflow: null, commit, problems: [] }
  const { sync: state, syncNote: note, problems } = row
  return { path, state, note, workflow: row === bad ? null : row.name, commit, problems }
}

function whyIgnored({ state, problems }: FileRow): string {
  if (state === 'refused') return problems?.[0]?.message ?? 'This file is not read.'
  return 'Its name does not end in .yaml or .yml: Faultline leaves it alone.'
}
