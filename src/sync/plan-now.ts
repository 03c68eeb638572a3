import type { Plan, PlanBody } from '../contract/index.ts'
import { refusedPath } from '../git/index.ts'
import { AppError } from '../platform/index.ts'
import { blobId, ourCommits, settingsOf, syncStateOf } from '../store/index.ts'
import { type Desk, type Place, placeOf } from './desk.ts'
import { findTip } from './find-tip.ts'
import { type GitFolder, passInput } from './pass-input.ts'
import { requireNotPaused } from './pause.ts'
import { planPass } from './plan.ts'
import type { FileContent, GitFile } from './plan-input.ts'
import { type PlanWords, planItems, withheldItem } from './plan-items.ts'
import { judgeText, MANIFEST, readGit, refusedFile } from './read-git.ts'

/** What a pass would do: planned as a pass plans, and not applied. Given files stand for what git would have. */
export async function planNow(
  desk: Desk,
  project: string,
  { files, signal }: { files: PlanBody['files']; signal: AbortSignal }
): Promise<Plan> {
  const settings = await settingsOf(desk.store.db, project)
  if (settings === undefined || !settings.enabled) throw off()
  const place = placeOf(desk, settings)
  if (files !== undefined) return planOf(desk, place, { git: given(desk, place, files), isPushed: () => true })
  await requireNotPaused(desk, project)
  return planLive(desk, place, signal)
}

async function planLive(desk: Desk, place: Place, signal: AbortSignal): Promise<Plan> {
  const tip = await findTip(desk, place, signal)
  if (tip.kind === 'withheld') {
    const { tip: commit, message, paths } = tip.what
    return { ...(await headOf(desk, place)), commit, withheld: message, items: paths.map(withheldItem) }
  }
  const git = await readGit(desk, place, tip.commit, tip.since)
  const commits = git.pushed.map(({ commit }) => commit)
  const ours = await ourCommits(desk.store.db, place.project, commits)
  const theirs = new Set(commits.filter((commit) => !ours.has(commit)))
  return planOf(desk, place, { git, isPushed: (path) => theirs.has(git.authorOf(path).commit ?? '') })
}

async function planOf(
  desk: Desk,
  place: Place,
  { git, isPushed }: { git: GitFolder; isPushed: PlanWords['isPushed'] }
): Promise<Plan> {
  const { input } = await passInput(desk.store.db, place.project, git)
  const items = planItems(planPass(input), { runOnPush: place.settings.runOnPush, isPushed })
  return { ...(await headOf(desk, place)), commit: git.commit, withheld: null, items }
}

async function headOf({ store }: Desk, { project, settings }: Place) {
  const state = await syncStateOf(store.db, project)
  return { branch: settings.branch, folder: settings.path, syncedCommit: state?.syncedCommit ?? null }
}

/** Files of a checkout, judged by the rules that a listing of git is judged by. */
function given(desk: Desk, place: Place, sent: NonNullable<PlanBody['files']>): GitFolder {
  const folder = place.settings.path
  const paths = new Set<string>()
  const files = sent.flatMap(({ path, text }): GitFile[] => {
    if (!path.startsWith(`${folder}/`) || paths.has(path)) throw notBelow(path, folder)
    paths.add(path)
    if (!MANIFEST.test(path)) return []
    const content = contentOf(desk, place, { path, text })
    return [{ path, blob: blobId(text ?? ''), content }]
  })
  return { commit: null, files, folderMissing: sent.length === 0, landed: new Map() }
}

function contentOf(desk: Desk, place: Place, { path, text }: { path: string; text: string | null }): FileContent {
  const reason =
    text === null ? 'it is no regular file of UTF-8 text' : refusedPath(path.slice(place.settings.path.length + 1))
  if (text === null || reason !== null) return refusedFile(reason ?? '')
  return judgeText(desk, { project: place.project, path, text })
}

function off(): AppError {
  const message =
    'GitOps is off in this project: there is no pass to plan. Settings → GitOps shows what turning it on would do.'
  return new AppError({ code: 'sync/off', kind: 'clash', message })
}

function notBelow(path: string, folder: string): AppError {
  const message = `${path} is given twice, or is not below ${folder}/, the folder of this project.`
  return new AppError({ code: 'sync/bad-files', kind: 'invalid', message })
}
