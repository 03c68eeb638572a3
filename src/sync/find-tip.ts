import { AppError } from '../platform/index.ts'
import {
  acceptedWithheld,
  listDefinitions,
  type SyncStateRow,
  syncStateOf,
  type WithheldTable
} from '../store/index.ts'
import type { Desk, Place } from './desk.ts'

export type TipAnswer =
  /** in the store; `since`: the commit that was synced before, where history goes on from it */
  | { kind: 'commit'; commit: string; since: string | null }
  /** the branch is missing, and a person has approved that it is made again here */
  | { kind: 'gone'; commit: string; since: string }
  /** a person must approve before anything is taken from git */
  | { kind: 'withheld'; what: Withheld }

export interface Withheld {
  kind: WithheldTable['kind']
  tip: string | null
  before: string | null
  paths: string[]
  code: string
  message: string
}

/**
 * Projects that share a repository share its tip checks. What another one was told may be older than what is synced
 * here, so it counts only where it says that nothing has changed.
 */
export async function isUnchanged(
  desk: Desk,
  place: Place,
  synced: string | null,
  signal: AbortSignal
): Promise<boolean> {
  const { branch, pollSeconds } = place.settings
  const tip = await desk.git.tip(place.remote, branch, { signal, maxAgeMs: pollSeconds * 500 })
  return tip.kind === 'tip' && tip.commit === synced
}

/** The branch's tip: as before, moved on, rewritten, or gone. Brings what is new into the store, and changes nothing else. */
export async function findTip(desk: Desk, place: Place, signal: AbortSignal): Promise<TipAnswer> {
  const { git } = desk
  const { branch } = place.settings
  const state = await syncStateOf(desk.store.db, place.project)
  const synced = state?.syncedCommit ?? null
  const tip = await git.tip(place.remote, branch, { signal })
  if (tip.kind !== 'tip') return missing(desk, place, { synced, empty: tip.kind === 'empty' })
  const commit = (await git.has(place.repo, tip.commit))
    ? tip.commit
    : await git.fetch(place.remote, branch, place.repo, signal)
  if (synced === null || synced === commit || (await git.isAncestor(place.repo, synced, commit)))
    return { kind: 'commit', commit, since: synced }
  return rewritten(desk, place, { state, synced, commit })
}

/** The history that was synced is not in the branch any more. */
async function rewritten(
  desk: Desk,
  place: Place,
  { synced, commit }: { state: SyncStateRow | undefined; synced: string; commit: string }
): Promise<TipAnswer> {
  for (const { kind, detail } of await acceptedWithheld(desk.store.db, place.project)) {
    if (kind !== 'rewrite' || detail.before !== synced || detail.tip === null) continue
    if (detail.tip === commit || (await desk.git.isAncestor(place.repo, detail.tip, commit)))
      return { kind: 'commit', commit, since: null }
  }
  const message = `The history of ${place.settings.branch} was rewritten: ${short(synced)}, which was synced, is not in it any more. Approve it to take the new history (${short(commit)}) as it is.`
  const paths = await pathsInGit(desk, place)
  return {
    kind: 'withheld',
    what: { kind: 'rewrite', tip: commit, before: synced, paths, code: 'sync/rewritten', message }
  }
}

/** Once that is approved, the branch may be made again where it was last seen. */
async function missing(
  desk: Desk,
  place: Place,
  { synced, empty }: { synced: string | null; empty: boolean }
): Promise<TipAnswer> {
  const accepted = await acceptedWithheld(desk.store.db, place.project)
  const approved = accepted.some(({ kind, detail }) => kind === 'missing-branch' && detail.before === synced)
  if (approved && synced !== null && (await desk.git.has(place.repo, synced)))
    return { kind: 'gone', commit: synced, since: synced }
  const { branch } = place.settings
  const message = `${empty ? 'The repository is empty now' : `The branch ${branch} is missing in the repository`}. Nothing was deleted here. Bring the branch back, or approve that Faultline makes it again${synced === null ? '' : ` at ${short(synced)}`}.`
  const paths = await pathsInGit(desk, place)
  return {
    kind: 'withheld',
    what: { kind: 'missing-branch', tip: null, before: synced, paths, code: 'git/missing-branch', message }
  }
}

/** Makes the missing branch again at this commit. */
export async function makeBranchAgain(desk: Desk, place: Place, commit: string): Promise<void> {
  const result = await desk.git.push(place.remote, place.repo, {
    branch: place.settings.branch,
    commit,
    expected: null
  })
  if (result.kind === 'pushed') return
  if (result.kind === 'rejected') throw new AppError({ code: result.code, kind: 'stalled', message: result.message })
  throw new AppError({
    code: 'sync/race',
    kind: 'transient',
    message: 'Somebody has just made the branch; looking again.'
  })
}

async function pathsInGit({ store }: Desk, { project }: Place): Promise<string[]> {
  return (await listDefinitions(store.db, project)).flatMap(({ gitBlob, path }) => (gitBlob === null ? [] : [path]))
}

function short(commit: string): string {
  return commit.slice(0, 7)
}
