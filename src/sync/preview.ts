import type { Preview } from '../contract/index.ts'
import { blobId, listDefinitions, revisionText } from '../store/index.ts'
import { type Desk, placeOf } from './desk.ts'
import type { GitFile } from './plan-input.ts'
import { judgeListing } from './read-git.ts'
import { requireSettings } from './settings.ts'

type PreviewItem = Preview['items'][number]

/** What enabling would import and export; nothing is changed. */
export async function previewEnable(desk: Desk, project: string, signal: AbortSignal): Promise<Preview> {
  const place = placeOf(desk, await requireSettings(desk, project))
  const tip = await desk.git.tip(place.remote, place.settings.branch, { signal })
  const here = await textsHere(desk, project)
  if (tip.kind !== 'tip') return { creates: tip.kind === 'empty' ? 'first-commit' : 'branch', items: compare([], here) }
  const commit = await desk.git.fetch(place.remote, place.settings.branch, place.repo, signal)
  const listing = await desk.git.files(place.repo, commit, place.settings.path)
  return { creates: 'nothing', items: compare(await judgeListing(desk, place, listing), here) }
}

/** path → blob of the text */
async function textsHere({ store }: Desk, project: string): Promise<Map<string, string>> {
  const blobs = new Map<string, string>()
  for (const { id, path, revision } of await listDefinitions(store.db, project)) {
    const text = await revisionText(store.db, id, revision)
    if (text !== undefined) blobs.set(path, blobId(text))
  }
  return blobs
}

/** Pure: what each path would become. */
function compare(files: readonly GitFile[], here: ReadonlyMap<string, string>): PreviewItem[] {
  const inGit = new Set(files.map((file) => file.path))
  const exports = [...here.keys()].filter((path) => !inGit.has(path))
  const items = [
    ...files.map((file) => ({
      path: file.path,
      action: actionOf(file, here.get(file.path)),
      schedule: file.content.kind === 'definition' ? (file.content.schedule ?? null) : null,
      problems: problemsOf(file)
    })),
    ...exports.map((path): PreviewItem => ({ path, action: 'export', schedule: null, problems: [] }))
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
