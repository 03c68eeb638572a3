import { canonicalRepository, type NewCommit } from '../git/index.ts'
import { AppError, newId } from '../platform/index.ts'
import {
  enabledSettings,
  listDefinitions,
  revisionText,
  type SettingsRow,
  type Tx,
  transaction
} from '../store/index.ts'
import { forgetGit, holdProject, insertEdit, knock, resetState, saveSettings } from '../store/sync/write.ts'
import { type Desk, type Place, placeOf } from './desk.ts'
import { requireSettings } from './settings.ts'
import { applyHere } from './settle-here.ts'

export interface EnableOrder {
  /** agreed: make the missing branch, or the first commit of an empty repository */
  create: boolean
  /** who exports what is here already */
  author: { name: string; email: string }
  signal: AbortSignal
}

/** What is here goes to git as edits of whoever turns GitOps on: the same text merges, another one is a conflict. */
export async function enableGitops(desk: Desk, project: string, order: EnableOrder): Promise<void> {
  const settings = await requireSettings(desk, project)
  if (settings.enabled) return
  await prepareBranch(desk, placeOf(desk, settings), order)
  await transaction(desk.store.db, async (tx) => {
    const now = desk.clock.now()
    if (!(await holdProject(tx, project, { epoch: settings.epoch }))) throw changedMeanwhile()
    await refuseOverlap(tx, settings)
    await applyHere(tx, project, now)
    await forgetGit(tx, project)
    await exportAll(tx, project, { author: order.author, now })
    await saveSettings(tx, { ...settings, enabled: true, epoch: settings.epoch + 1, enabledAt: now, updatedAt: now })
    await resetState(tx, project)
    await knock(tx, project, now)
  })
}

async function exportAll(tx: Tx, project: string, { author, now }: { author: EnableOrder['author']; now: Date }) {
  for (const definition of await listDefinitions(tx, project)) {
    const text = await revisionText(tx, definition.id, definition.revision)
    if (text === undefined) continue
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

/** Makes a missing branch where the default branch is, or the first commit of an empty repository; only if agreed. */
async function prepareBranch(desk: Desk, place: Place, { create, signal }: EnableOrder): Promise<void> {
  const { git } = desk
  const { branch } = place.settings
  const tip = await git.tip(place.remote, branch, { signal })
  if (tip.kind === 'tip') return
  if (!create) {
    const what = tip.kind === 'empty' ? 'The repository is empty' : `There is no branch ${branch} in the repository`
    const message = `${what}. Agree that Faultline makes ${tip.kind === 'empty' ? 'the first commit' : 'it'}, or choose another branch.`
    throw new AppError({ code: 'sync/nothing-there', kind: 'clash', message, details: { creates: tip.kind } })
  }
  const commit = tip.kind === 'empty' ? await firstCommit(desk, place) : await defaultCommit(desk, place, signal)
  const result = await git.push(place.remote, place.repo, { branch, commit, expected: null, signal })
  if (result.kind === 'rejected') throw new AppError({ code: result.code, kind: 'stalled', message: result.message })
  // a race: somebody else has made it just now, which is as good
}

async function firstCommit({ git, clock, committer }: Desk, { repo, project, settings }: Place): Promise<string> {
  const text = `# Chaos workflows of ${project}\n\nFaultline keeps the workflows of this project here, one YAML file each. Push a file and it appears in the portal;\nedit it in the portal and it is committed here.\n`
  const commit: NewCommit = {
    changes: [{ path: `${settings.path}/README.md`, text }],
    message: `Begin the workflows of ${project}`,
    author: committer,
    committer,
    at: clock.now()
  }
  const [first = ''] = await git.writeCommits(repo, null, [commit])
  return first
}

async function defaultCommit({ git }: Desk, { remote, repo }: Place, signal: AbortSignal): Promise<string> {
  const branch = await git.defaultBranch(remote, signal)
  return git.fetch(remote, branch, repo, signal)
}

/** Two projects must not write the same files. */
async function refuseOverlap(tx: Tx, settings: SettingsRow): Promise<void> {
  const repository = canonicalRepository(settings.url)
  for (const other of await enabledSettings(tx)) {
    if (other.projectId === settings.projectId || other.branch !== settings.branch) continue
    if (canonicalRepository(other.url) !== repository || !nested(other.path, settings.path)) continue
    const message = `The project ${other.projectId} keeps its workflows in ${other.path} of this branch already; two projects cannot share a folder.`
    throw new AppError({ code: 'sync/overlap', kind: 'clash', message })
  }
}

function nested(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`)
}

function changedMeanwhile(): AppError {
  const message = 'The GitOps settings were changed meanwhile. Look at them, then enable again.'
  return new AppError({ code: 'sync/settings-changed', kind: 'clash', message })
}
