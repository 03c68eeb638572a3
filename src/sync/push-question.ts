import type { PushAnswer, PushQuestion } from '../contract/index.ts'
import { parseDefinition } from '../manifest/index.ts'
import { AppError } from '../platform/index.ts'
import {
  type DefinitionRow,
  knownFiles,
  listDefinitions,
  openEdits,
  ourCommits,
  pauseReason,
  revisionText,
  settingsOf,
  startedByCommits,
  syncStateOf,
  waitingWithheld
} from '../store/index.ts'
import { type Desk, type Place, placeOf } from './desk.ts'
import { type CommitSeen, explainCommit, explainPath, type FileSeen, type PushSeen } from './explain.ts'
import { noSettings } from './no-settings.ts'
import { ownWord } from './own-word.ts'

/** of a commit that are looked at: one sentence names one of them */
const MAX_FILES = 1000
/** of them, whose text is read for what they let a push start */
const MAX_READ = 50

/** Why a push did nothing: from what is stored and fetched already; the git host is not asked. */
export async function answerPush(desk: Desk, project: string, question: PushQuestion): Promise<PushAnswer> {
  const commit = question.commit?.trim().toLowerCase() ?? ''
  const path = question.path?.trim().replace(/^(\.?\/)+/, '') ?? ''
  if ((commit === '') === (path === '')) throw oneOfBoth()
  const { db } = desk.store
  const settings = (await settingsOf(db, project)) ?? noSettings(desk, project)
  const seen = await seenOf(desk, project, settings)
  if (path !== '') return explainPath(seen, await fileSeen(desk, project, path))
  const place = settings.enabled ? placeOf(desk, settings) : null
  return explainCommit(seen, place === null ? unreached(commit) : await commitSeen(desk, place, commit))
}

async function seenOf({ store: { db } }: Desk, project: string, settings: Place['settings']): Promise<PushSeen> {
  const [state, withheld, paused] = await Promise.all([
    syncStateOf(db, project),
    waitingWithheld(db, project),
    pauseReason(db, project)
  ])
  return {
    enabled: settings.enabled,
    branch: settings.branch,
    folder: settings.path,
    runOnPush: settings.runOnPush,
    paused,
    stalled: state?.status === 'stalled' ? state.message : null,
    withheld: withheld.map(({ kind, detail }) => ({ kind, paths: detail.paths })),
    checkedAt: state?.checkedAt ?? null
  }
}

async function commitSeen(desk: Desk, { project, repo, settings }: Place, asked: string): Promise<CommitSeen> {
  const { git, store } = desk
  const synced = (await syncStateOf(store.db, project))?.syncedCommit ?? null
  if (synced === null || !(await git.has(repo, synced)) || !(await git.isAncestor(repo, asked, synced)))
    return unreached(asked)
  const { commit, parents } = await git.info(repo, asked)
  const since = parents[0] ?? null
  const folder = settings.path
  const [changed, later, own, pushed, trees] = await Promise.all([
    git.changes(repo, { commit, since, folder }),
    git.changes(repo, { commit: synced, since: commit, folder }),
    ourCommits(store.db, project, [commit]),
    since === null ? null : git.pushed(repo, { commit, since }),
    Promise.all([since, commit, synced].map((of) => blobsOf(desk, { repo, folder, of })))
  ])
  const [before, then, now] = trees as [Blobs, Blobs, Blobs]
  const paths = [...changed.keys()].slice(0, MAX_FILES)
  const asks = pushed === null ? null : [...new Set(pushed.flatMap(({ chaosRun }) => chaosRun))]
  const byCommits = pushed?.map((one) => one.commit) ?? [commit]
  return {
    commit,
    reached: true,
    own: own.has(commit),
    files: await filesSeen(desk, project, paths),
    changedBy: new Map([...changed].map(([path, info]) => [path, info.commit])),
    overtaken: new Set([...later.keys(), ...paths.filter((path) => then.get(path) !== now.get(path))]),
    added: new Set(paths.filter((path) => !before.has(path))),
    asks,
    ...(await runsSeen(desk, project, { asks: asks ?? [], commits: byCommits }))
  }
}

/** path → blob */
type Blobs = ReadonlyMap<string, string>

async function blobsOf(
  { git }: Desk,
  { repo, folder, of }: { repo: string; folder: string; of: string | null }
): Promise<Blobs> {
  if (of === null) return new Map()
  const { files } = await git.files(repo, of, folder)
  return new Map(files.map(({ path, blob }) => [path, blob]))
}

async function runsSeen(
  { store: { db } }: Desk,
  project: string,
  { asks, commits }: { asks: readonly string[]; commits: readonly string[] }
): Promise<Pick<CommitSeen, 'unknown' | 'started'>> {
  const started = await startedByCommits(db, project, commits)
  if (asks.length === 0) return { unknown: [], started }
  const known = new Set((await listDefinitions(db, project)).map(({ name }) => name))
  return { unknown: asks.filter((name) => !known.has(name)), started }
}

function unreached(commit: string): CommitSeen {
  const nothing = { changedBy: new Map(), overtaken: new Set<string>(), added: new Set<string>() }
  return { commit, reached: false, own: false, files: [], ...nothing, asks: null, unknown: [], started: [] }
}

async function fileSeen(desk: Desk, project: string, path: string): Promise<FileSeen> {
  const [file] = await filesSeen(desk, project, [path])
  return file ?? { path, state: null, problem: null, definition: null, editWaits: false, allows: null }
}

async function filesSeen(desk: Desk, project: string, paths: readonly string[]): Promise<FileSeen[]> {
  if (paths.length === 0) return []
  const { db } = desk.store
  const [known, live, edits] = await Promise.all([
    knownFiles(db, project, paths),
    listDefinitions(db, project, paths),
    openEdits(db, project, paths)
  ])
  const files = new Map(known.map((file) => [file.path, file]))
  const definitions = new Map(live.map((definition) => [definition.path, definition]))
  const edited = new Set(edits.map(({ path }) => path))
  const allows = await ownWords(desk, live.slice(0, MAX_READ))
  return paths.map((path) => {
    const definition = definitions.get(path)
    const { state = null, problems = null } = files.get(path) ?? {}
    return {
      path,
      state: state === 'ignored' ? null : state,
      problem: problems?.[0] ?? null,
      definition:
        definition === undefined
          ? null
          : { name: definition.name, commit: definition.gitCommit, inConflict: definition.conflict !== null },
      editWaits: edited.has(path),
      allows: allows.get(path) ?? null
    }
  })
}

/** What the files themselves let a push start, by path. */
async function ownWords({ store: { db }, catalogue }: Desk, rows: readonly DefinitionRow[]) {
  const words = new Map<string, FileSeen['allows']>()
  for (const { id, revision, path } of rows) {
    const parsed = parseDefinition((await revisionText(db, id, revision)) ?? '', { catalogue, path })
    if (parsed.ok) words.set(path, ownWord(parsed.manifest))
  }
  return words
}

function oneOfBoth(): AppError {
  const message = 'Ask for a commit or for the path of a file: one of both.'
  return new AppError({ code: 'sync/bad-question', kind: 'invalid', message })
}
