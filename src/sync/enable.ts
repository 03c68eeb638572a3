import type { NewCommit } from '../git/index.ts'
import { AppError } from '../platform/index.ts'
import { transaction } from '../store/index.ts'
import { holdProject } from '../store/sync/write.ts'
import { connect, lookAt } from './connect.ts'
import { type Desk, type Place, placeOf } from './desk.ts'
import { refuseOverlap } from './overlap.ts'
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
  await refuseOverlap(desk.store.db, settings)
  await prepareBranch(desk, placeOf(desk, settings), order)
  const { files } = await lookAt(desk, settings, order.signal)
  await transaction(desk.store.db, async (tx) => {
    const now = desk.clock.now()
    if (!(await holdProject(tx, project, { epoch: settings.epoch }))) throw changedMeanwhile()
    await applyHere(tx, project, now)
    const enabled = { ...settings, epoch: settings.epoch + 1 }
    await connect(tx, { settings: enabled, from: null, files, author: order.author, now })
  })
}

/** Makes a missing branch where the default branch is, or the first commit of an empty repository; only if agreed. */
export async function prepareBranch(desk: Desk, place: Place, { create, signal }: EnableOrder): Promise<void> {
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

export function changedMeanwhile(): AppError {
  const message = 'The GitOps settings were changed meanwhile. Look at them, then enable again.'
  return new AppError({ code: 'sync/settings-changed', kind: 'clash', message })
}
