import type { Gitops, GitopsBody } from '../contract/index.ts'
import { projectFolder } from '../domain/index.ts'
import { readAddress, requireBranch } from '../git/index.ts'
import { AppError } from '../platform/index.ts'
import {
  countDeletedAt,
  type SettingsRow,
  type SyncStateRow,
  settingsOf,
  syncStateOf,
  transaction
} from '../store/index.ts'
import { holdProject, resetState, saveSettings } from '../store/sync/write.ts'
import { hostKeyViews, mergeCredentials, publicHalf, sealerOf } from './credentials.ts'
import type { Desk } from './desk.ts'
import { pollEvery } from './hook-proof.ts'
import { mergeNetwork, networkView } from './network.ts'
import { DEFAULT_POLL_SECONDS, noSettings } from './no-settings.ts'
import { statusOf } from './status.ts'

export async function gitopsOf(desk: Desk, project: string): Promise<Gitops> {
  const row = await settingsOf(desk.store.db, project)
  const state = await syncStateOf(desk.store.db, project)
  return {
    enabled: row?.enabled ?? false,
    url: row?.url ?? '',
    branch: row?.branch ?? 'main',
    path: row?.path ?? projectFolder(project),
    provider: row?.provider ?? null,
    username: row?.username ?? '',
    hasToken: row !== undefined && row.tokenSealed !== null,
    publicKey: row?.sshPublicKey ?? null,
    hostKeys: hostKeyViews(row?.hostKeys ?? null),
    ...networkView(row),
    runOnPush: row?.runOnPush ?? 'never',
    activateSchedules: row?.activateSchedules ?? false,
    hook: hookView(desk, project, { row, state }),
    pollSeconds: row?.pollSeconds ?? DEFAULT_POLL_SECONDS,
    pollsEvery: pollEvery(row?.pollSeconds ?? DEFAULT_POLL_SECONDS, state?.hookProvedAt ?? null),
    deletedWorkflows: await deletedView(desk, row),
    sync: await statusOf(desk, project)
  }
}

async function deletedView({ store }: Desk, row: SettingsRow | undefined): Promise<Gitops['deletedWorkflows']> {
  if (row === undefined || row.workflowsDeletedAt === null) return null
  const count = await countDeletedAt(store.db, row.projectId, row.workflowsDeletedAt)
  return count === 0 ? null : { at: row.workflowsDeletedAt.toISOString(), count }
}

function hookView(
  { hookUrl }: Desk,
  project: string,
  { row, state }: { row: SettingsRow | undefined; state: SyncStateRow | undefined }
): Gitops['hook'] {
  return {
    url: hookUrl(project),
    hasSecret: row !== undefined && row.hookSecretSealed !== null,
    heardAt: state?.hookAt?.toISOString() ?? null,
    event: state?.hookEvent ?? null,
    refusedAt: state?.hookRefusedAt?.toISOString() ?? null,
    refusal: state?.hookRefusal ?? null,
    provedAt: state?.hookProvedAt?.toISOString() ?? null
  }
}

/** While GitOps is on, repository, branch and folder stay: what is known of git would be of another one. */
export async function saveGitops(desk: Desk, project: string, body: GitopsBody): Promise<void> {
  const publicKey = await publicHalf(desk, body)
  await transaction(desk.store.db, async (tx) => {
    // whoever turns it on or off meanwhile waits, and what he has done is not undone
    await holdProject(tx, project, null)
    const before = await settingsOf(tx, project)
    const merged = merge(desk, project, { before, body })
    const after = publicKey === undefined ? merged : { ...merged, sshPublicKey: publicKey }
    if (before?.enabled && isMoved(before, after)) throw isChange()
    await saveSettings(tx, after)
    if (before === undefined) await resetState(tx, project)
  })
}

/** Another repository, branch or folder. */
export function isMoved(before: SettingsRow, after: SettingsRow): boolean {
  return before.url !== after.url || before.branch !== after.branch || before.path !== after.path
}

function isChange(): AppError {
  const message =
    'While GitOps is on, repository, branch and folder are changed by their own command: POST …/gitops/change, in the portal "Change connection".'
  return new AppError({ code: 'sync/is-a-change', kind: 'clash', message })
}

/** The settings as they would be with this body; for a test of the connection before anything is saved. */
export function merge(
  desk: Desk,
  project: string,
  { before, body }: { before: SettingsRow | undefined; body: GitopsBody }
): SettingsRow {
  const known = before ?? noSettings(desk, project)
  const address = readAddress(body.url)
  return {
    ...known,
    url: address.url,
    branch: requireBranch(body.branch.trim()),
    path: body.path === undefined ? known.path : requireFolder(body.path),
    provider: body.provider === undefined ? known.provider : body.provider,
    username: body.username ?? known.username,
    ...mergeCredentials(desk, { known, body, address }),
    ...mergeNetwork({ known, body, now: desk.clock.now() }, sealerOf(desk, project)),
    runOnPush: body.runOnPush ?? known.runOnPush,
    activateSchedules: body.activateSchedules ?? known.activateSchedules,
    pollSeconds: body.pollSeconds ?? known.pollSeconds,
    epoch: known.epoch + 1,
    updatedAt: desk.clock.now()
  }
}

/** A folder inside the repository; what git and our own listing would not take is refused here. */
function requireFolder(text: string): string {
  const folder = text.trim().replace(/\/+$/, '')
  if (folder.split('/').every((name) => /^[A-Za-z0-9_][A-Za-z0-9_.@+-]*$/.test(name))) return folder
  const message = `"${folder}" is not a folder in a repository, for example litmus/shop.`
  throw new AppError({ code: 'sync/bad-folder', kind: 'invalid', message })
}

export async function requireSettings(desk: Desk, project: string): Promise<SettingsRow> {
  const row = await settingsOf(desk.store.db, project)
  if (row !== undefined && row.url !== '') return row
  const message = 'Give the repository and branch first, in Settings → GitOps.'
  throw new AppError({ code: 'sync/no-settings', kind: 'invalid', message })
}
