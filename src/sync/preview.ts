import type { GitopsBody, Preview } from '../contract/index.ts'
import { blobId, listDefinitions, revisionText, type SettingsRow, settingsOf } from '../store/index.ts'
import { lookAt } from './connect.ts'
import type { Desk } from './desk.ts'
import { homesOf } from './homes.ts'
import type { GitFile } from './plan-input.ts'
import { merge, requireSettings } from './settings.ts'

type PreviewItem = Preview['items'][number]

/** What enabling, or a change to other settings, would import and export; nothing is changed. */
export async function previewGitops(
  desk: Desk,
  project: string,
  { body, signal }: { body: GitopsBody | null; signal: AbortSignal }
): Promise<Preview> {
  const before = await settingsOf(desk.store.db, project)
  const settings = body === null ? await requireSettings(desk, project) : merge(desk, project, { before, body })
  const { creates, files } = await lookAt(desk, settings, signal)
  const from = before?.enabled ? before.path : null
  return { creates, items: compare(files, await textsHere(desk, settings, { files, from })) }
}

interface TextHere {
  blob: string
  /** its path until now, where that is another */
  from: string | null
}

/** path that it would have → what is here */
async function textsHere(
  { store }: Desk,
  { projectId, path: to }: SettingsRow,
  { files, from }: { files: readonly GitFile[]; from: string | null }
): Promise<Map<string, TextHere>> {
  const texts = new Map<string, TextHere>()
  const definitions = await listDefinitions(store.db, projectId)
  const homes = homesOf(definitions, files, { from, to })
  for (const { id, path, revision } of definitions) {
    const text = await revisionText(store.db, id, revision)
    const home = homes.get(path) ?? path
    if (text !== undefined) texts.set(home, { blob: blobId(text), from: home === path ? null : path })
  }
  return texts
}

/** Pure: what each path would become. */
function compare(files: readonly GitFile[], here: ReadonlyMap<string, TextHere>): PreviewItem[] {
  const inGit = new Set(files.map((file) => file.path))
  const exports = [...here].filter(([path]) => !inGit.has(path))
  const items = [
    ...files.map((file) => ({
      path: file.path,
      from: here.get(file.path)?.from ?? null,
      action: actionOf(file, here.get(file.path)?.blob),
      schedule: file.content.kind === 'definition' ? (file.content.schedule ?? null) : null,
      problems: problemsOf(file)
    })),
    ...exports.map(([path, { from }]): PreviewItem => ({ path, from, action: 'export', schedule: null, problems: [] }))
  ]
  return items.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function actionOf({ content, blob }: GitFile, here: string | undefined): PreviewItem['action'] {
  if (content.kind !== 'definition') return content.kind
  if (here === undefined) return 'import'
  return here === blob ? 'same' : 'conflict'
}

function problemsOf({ content }: GitFile): PreviewItem['problems'] {
  return content.kind === 'definition' ? [] : [...content.problems]
}
