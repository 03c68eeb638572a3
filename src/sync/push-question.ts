import type { PushAnswer, PushQuestion } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import {
  knownFiles,
  listDefinitions,
  ourCommits,
  pauseReason,
  settingsOf,
  syncStateOf,
  waitingWithheld
} from '../store/index.ts'
import { type Desk, type Place, placeOf } from './desk.ts'
import { type CommitSeen, explainCommit, explainPath, type FileSeen, type PushSeen } from './explain.ts'
import { noSettings } from './no-settings.ts'

/** of a commit that are looked at: one sentence names one of them */
const MAX_FILES = 1000

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
  const [changed, later, own, pushed] = await Promise.all([
    git.changes(repo, { commit, since, folder }),
    git.changes(repo, { commit: synced, since: commit, folder }),
    ourCommits(store.db, project, [commit]),
    since === null ? null : git.pushed(repo, { commit, since })
  ])
  return {
    commit,
    reached: true,
    own: own.has(commit),
    files: await filesSeen(desk, project, [...changed.keys()].slice(0, MAX_FILES)),
    changedBy: new Map([...changed].map(([path, info]) => [path, info.commit])),
    overtaken: new Set(later.keys()),
    asks: pushed?.find((one) => one.commit === commit)?.chaosRun ?? null
  }
}

function unreached(commit: string): CommitSeen {
  return { commit, reached: false, own: false, files: [], changedBy: new Map(), overtaken: new Set(), asks: null }
}

async function fileSeen(desk: Desk, project: string, path: string): Promise<FileSeen> {
  const [file] = await filesSeen(desk, project, [path])
  return file ?? { path, state: null, problem: null, definition: null }
}

async function filesSeen({ store: { db } }: Desk, project: string, paths: readonly string[]): Promise<FileSeen[]> {
  if (paths.length === 0) return []
  const [known, live] = await Promise.all([knownFiles(db, project, paths), listDefinitions(db, project, paths)])
  const files = new Map(known.map((file) => [file.path, file]))
  const definitions = new Map(live.map((definition) => [definition.path, definition]))
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
          : { name: definition.name, commit: definition.gitCommit, inConflict: definition.conflict !== null }
    }
  })
}

function oneOfBoth(): AppError {
  const message = 'Ask for a commit or for the path of a file: one of both.'
  return new AppError({ code: 'sync/bad-question', kind: 'invalid', message })
}
