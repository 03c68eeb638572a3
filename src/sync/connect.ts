import type { Preview } from '../contract/index.ts'
import { newId } from '../platform/index.ts'
import { listDefinitions, openEdits, revisionText, type SettingsRow, type Tx } from '../store/index.ts'
import {
  deletedOutside,
  forgetGit,
  insertEdit,
  knock,
  moveDefinition,
  moveEdits,
  resetState,
  saveSettings,
  updateDefinition
} from '../store/sync/write.ts'
import { type Desk, type Place, placeOf } from './desk.ts'
import { type Folders, homesOf } from './homes.ts'
import { refuseOverlap } from './overlap.ts'
import type { GitFile } from './plan-input.ts'
import { judgeListing } from './read-git.ts'

export interface Look {
  /** what must be made before anything can be there */
  creates: Preview['creates']
  files: GitFile[]
}

/** What is in a repository that is to be connected; nothing is changed. */
export async function lookAt(desk: Desk, settings: SettingsRow, signal: AbortSignal): Promise<Look> {
  const place: Place = placeOf(desk, settings)
  const { branch, path } = settings
  const tip = await desk.git.tip(place.remote, branch, { signal })
  if (tip.kind !== 'tip') return { creates: tip.kind === 'empty' ? 'first-commit' : 'branch', files: [] }
  const commit = await desk.git.fetch(place.remote, branch, place.repo, signal)
  const listing = await desk.git.files(place.repo, commit, path)
  return { creates: 'nothing', files: await judgeListing(desk, place, listing) }
}

export interface Connection {
  /** with the epoch that they are to have */
  settings: SettingsRow
  /** the project's folder until now; null = GitOps was off */
  from: string | null
  files: readonly GitFile[]
  /** who exports what is here already */
  author: { name: string; email: string }
  now: Date
}

/**
 * From here on the project lives in this repository. Nothing is known of it yet, so that nothing of its history starts a
 * run and nothing that it lacks is deleted; what is here goes there as edits: the same text merges, another one is a
 * conflict. Edits that wait already go in the place of their workflow's text.
 */
export async function connect(tx: Tx, { settings, from, files, author, now }: Connection): Promise<void> {
  const project = settings.projectId
  await refuseOverlap(tx, settings)
  await rehome(tx, project, { folders: { from, to: settings.path }, files })
  await forgetGit(tx, project)
  await exportAll(tx, project, { author, now })
  const fresh = { enabled: true, enabledAt: now, updatedAt: now, workflowsDeletedAt: null }
  await saveSettings(tx, { ...settings, ...fresh })
  await resetState(tx, project)
  await knock(tx, project, now)
}

/** Every workflow, also a deleted one and one that only waits, is where its file is, or will be. */
export async function rehome(
  tx: Tx,
  project: string,
  { folders, files }: { folders: Folders; files: readonly GitFile[] }
): Promise<void> {
  const definitions = await listDefinitions(tx, project)
  const edits = await openEdits(tx, project)
  const homes = homesOf([...definitions, ...edits], files, folders)
  const homeOf = (path: string) => homes.get(path) ?? path
  for (const { id, path } of definitions)
    if (homeOf(path) !== path) await moveDefinition(tx, { id, path }, { project, to: homeOf(path) })
  const unknown = new Set(edits.map(({ path }) => path)).difference(new Set(definitions.map(({ path }) => path)))
  for (const path of unknown) if (homeOf(path) !== path) await moveEdits(tx, project, { from: path, to: homeOf(path) })
  for (const gone of await deletedOutside(tx, project, folders.to))
    await updateDefinition(tx, gone.id, { path: homesOf([gone], [], folders).get(gone.path) ?? gone.path })
}

async function exportAll(tx: Tx, project: string, { author, now }: Pick<Connection, 'author' | 'now'>): Promise<void> {
  const waiting = new Set((await openEdits(tx, project)).map(({ path }) => path))
  for (const definition of await listDefinitions(tx, project)) {
    const text = await revisionText(tx, definition.id, definition.revision)
    if (text === undefined || waiting.has(definition.path)) continue
    await insertEdit(tx, {
      id: newId(now),
      projectId: project,
      path: definition.path,
      name: definition.name,
      action: 'save',
      baseBlob: null,
      text,
      message: `Add ${definition.name}`,
      author: author.name,
      authorEmail: author.email,
      state: 'open',
      tries: '[]',
      reason: null,
      commit: null,
      createdAt: now,
      endedAt: null
    })
  }
}
