import { isDeepStrictEqual } from 'node:util'
import { RULES_VERSION } from '../manifest/index.ts'
import { newId } from '../platform/index.ts'
import {
  type DefinitionConflict,
  type DefinitionRow,
  type FileRow,
  knownFiles,
  syncStateOf,
  type Tx,
  toJson,
  transaction
} from '../store/index.ts'
import { changeFiles, changeState, endWithheld, holdProject, withhold } from '../store/sync/write.ts'
import { applyPlan } from './apply.ts'
import type { Withholding } from './deletion-guard.ts'
import type { Desk, Place } from './desk.ts'
import { historyOf, revisionsOf } from './history.ts'
import { passInput } from './pass-input.ts'
import { planPass, type SyncPlan } from './plan.ts'
import type { GitFile, OpenEdit } from './plan-input.ts'
import type { GitView } from './read-git.ts'
import { recordPass } from './record-pass.ts'
import { requestRuns } from './request-runs.ts'

export interface Settled {
  /** edits that may be pushed on top of this commit */
  ready: OpenEdit[]
  withheld: Withholding | null
}

/**
 * Plans and applies in one transaction, in which no edit comes in: whoever edits meanwhile waits, and sees the outcome.
 * Null: the settings have changed since git was read, or the pass is another server's by now.
 */
export function settle(
  desk: Desk,
  place: Place,
  { view, lease }: { view: GitView; lease: string }
): Promise<Settled | null> {
  return transaction(desk.store.db, async (tx) => {
    if (!(await holdProject(tx, place.project, { epoch: place.settings.epoch, lease }))) return null
    const { input, definitions, conflicts } = await passInput(tx, place.project, view)
    const plan = planPass(input)
    await write(desk, tx, { place, view, plan, conflicts, definitions })
    return { ready: plan.ready, withheld: plan.withheld }
  })
}

interface Pass {
  place: Place
  view: GitView
  plan: SyncPlan
}

interface Outcome extends Pass {
  conflicts: ReadonlyMap<string, DefinitionConflict>
  /** as they were before */
  definitions: readonly DefinitionRow[]
}

async function write(desk: Desk, tx: Tx, { place, view, plan, conflicts, definitions }: Outcome): Promise<void> {
  const { project } = place
  const now = desk.clock.now()
  await applyPlan(tx, plan, { project, now, authorOf: view.authorOf, conflicts })
  const since = (await syncStateOf(tx, project))?.syncedCommit ?? null
  const before = new Map((await knownFiles(tx, project)).map((file) => [file.path, file]))
  const runs = await requestRuns(desk, tx, { place, view, plan })
  const items = [
    ...(await historyOf(tx, project, {
      plan,
      before,
      revisionsOf: await revisionsOf(tx, project, { plan, definitions })
    })),
    ...runs
  ]
  await changeFiles(tx, project, fileChanges({ place, view, plan }, before, now))
  await writeWithheld(tx, { place, view, plan }, now)
  await changeState(tx, project, {
    syncedCommit: view.commit,
    syncedAt: now,
    tipCommit: view.commit,
    tipAuthor: view.info.author.name,
    tipSubject: view.info.subject,
    tipAt: view.info.at
  })
  await recordPass(desk, tx, { project, plan, since, commit: view.commit, items })
}

/** The commit that brought a file is known in the pass that sees it come; a later one keeps it. */
function fileChanges({ place, view, plan }: Pass, before: ReadonlyMap<string, FileRow>, now: Date) {
  const present = new Set([...plan.files, ...view.ignored].map(({ path }) => path))
  const gone = [...before.keys()].filter((path) => !present.has(path))
  const changed = plan.files.filter((file) => !isKnown(file, before.get(file.path)))
  const row = (path: string, blob: string) => ({
    projectId: place.project,
    path,
    blob,
    commit: sameFile(before.get(path), blob)?.commit ?? view.authorOf(path).commit ?? view.commit,
    rulesVersion: RULES_VERSION,
    seenAt: now
  })
  const judged = changed.map(({ path, blob, content }) =>
    content.kind === 'definition'
      ? { ...row(path, blob), state: 'good' as const, problems: null }
      : { ...row(path, blob), state: content.kind, problems: toJson(content.problems) }
  )
  const ignored = view.ignored
    .filter(({ path, blob }) => before.get(path)?.state !== 'ignored' || before.get(path)?.blob !== blob)
    .map(({ path, blob }) => ({ ...row(path, blob), state: 'ignored' as const, problems: null }))
  return { changed: [...judged, ...ignored], gone }
}

function isKnown({ blob, content }: GitFile, known: FileRow | undefined): boolean {
  if (known === undefined || known.blob !== blob || known.rulesVersion !== RULES_VERSION) return false
  if (content.kind === 'definition') return known.state === 'good'
  return known.state === content.kind && isDeepStrictEqual(known.problems, content.problems)
}

function sameFile(known: FileRow | undefined, blob: string): FileRow | undefined {
  return known?.blob === blob ? known : undefined
}

async function writeWithheld(tx: Tx, { place, view, plan }: Pass, now: Date): Promise<void> {
  const { withheld } = plan
  await endWithheld(tx, place.project, withheld === null ? [] : [withheld.kind], now)
  if (withheld === null) return
  const detail = { tip: view.commit, before: null, paths: withheld.paths }
  await withhold(tx, {
    id: newId(now),
    projectId: place.project,
    kind: withheld.kind,
    detail,
    state: 'waiting',
    acceptedBy: null,
    createdAt: now,
    endedAt: null
  })
}
