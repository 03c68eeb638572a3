import type { Gitops, GitopsBody } from '../contract/index.ts'
import { projectFolder } from '../domain/index.ts'
import { parseRepositoryUrl, requireBranch } from '../git/index.ts'
import { AppError, Secret } from '../platform/index.ts'
import { type SettingsRow, settingsOf, transaction } from '../store/index.ts'
import { holdProject, resetState, saveSettings } from '../store/sync/write.ts'
import { type Desk, sealContext } from './desk.ts'
import { statusOf } from './status.ts'

const DEFAULT_POLL_SECONDS = 30

export async function gitopsOf(desk: Desk, project: string): Promise<Gitops> {
  const row = await settingsOf(desk.store.db, project)
  return {
    enabled: row?.enabled ?? false,
    url: row?.url ?? '',
    branch: row?.branch ?? 'main',
    path: row?.path ?? projectFolder(project),
    username: row?.username ?? '',
    hasToken: row !== undefined && row.tokenSealed !== null,
    pollSeconds: row?.pollSeconds ?? DEFAULT_POLL_SECONDS,
    sync: await statusOf(desk, project)
  }
}

/** While GitOps is on, the repository and branch stay: what is known of git would be of another one. */
export function saveGitops(desk: Desk, project: string, body: GitopsBody): Promise<void> {
  return transaction(desk.store.db, async (tx) => {
    // whoever turns it on or off meanwhile waits, and what he has done is not undone
    await holdProject(tx, project, null)
    const before = await settingsOf(tx, project)
    const after = merge(desk, project, { before, body })
    const moved = before?.url !== after.url || before.branch !== after.branch || before.path !== after.path
    if (before?.enabled && moved) throw disableFirst()
    await saveSettings(tx, after)
    if (before === undefined) await resetState(tx, project)
  })
}

function disableFirst(): AppError {
  const message = 'Repository, branch and folder cannot be changed while GitOps is on. Turn it off first.'
  return new AppError({ code: 'sync/disable-first', kind: 'clash', message })
}

/** The settings as they would be with this body; for a test of the connection before anything is saved. */
export function merge(
  desk: Desk,
  project: string,
  { before, body }: { before: SettingsRow | undefined; body: GitopsBody }
): SettingsRow {
  const url = parseRepositoryUrl(body.url).href
  const branch = requireBranch(body.branch.trim())
  return {
    projectId: project,
    enabled: before?.enabled ?? false,
    url,
    branch,
    path: body.path === undefined ? (before?.path ?? projectFolder(project)) : requireFolder(body.path),
    username: body.username ?? before?.username ?? '',
    tokenSealed: tokenOf(desk, { before, body, project, url }),
    pollSeconds: body.pollSeconds ?? before?.pollSeconds ?? DEFAULT_POLL_SECONDS,
    epoch: (before?.epoch ?? 0) + 1,
    enabledAt: before?.enabledAt ?? null,
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

interface TokenCase {
  before: SettingsRow | undefined
  body: GitopsBody
  project: string
  url: string
}

/** A stored token goes to the host that it was entered for: whoever may change the address must not read it there. */
function tokenOf(desk: Desk, { before, body, project, url }: TokenCase): Buffer | null {
  if (body.token === null || body.token === '') return null
  if (body.token !== undefined) return desk.sealer.seal(new Secret(body.token), sealContext(project))
  const stored = before?.tokenSealed ?? null
  if (stored === null || before === undefined || new URL(before.url).origin === new URL(url).origin) return stored
  const message = `The stored token belongs to ${new URL(before.url).host}. Enter a token for ${new URL(url).host}.`
  throw new AppError({ code: 'sync/token-of-another-host', kind: 'invalid', message })
}

export async function requireSettings(desk: Desk, project: string): Promise<SettingsRow> {
  const row = await settingsOf(desk.store.db, project)
  if (row !== undefined) return row
  const message = 'Give the repository and branch first, in Settings → GitOps.'
  throw new AppError({ code: 'sync/no-settings', kind: 'invalid', message })
}
