import type { Overview, SyncStatus, WorkflowSummary } from '../contract/index.ts'
import { EXIT } from './exit-codes.ts'
import { at } from './run-follow.ts'
import type { ServerClient } from './server-client.ts'

export interface SyncReport {
  exitCode: number
  lines: string[]
  document: unknown
}

/** `faultline status`: whether git and the portal are the same, and which files need a person. */
export async function showStatus(client: ServerClient, project: string): Promise<SyncReport> {
  const { gitops, attention } = await client.get<Overview>(`${at(project)}/overview`)
  const { sync, url, branch, path, enabled } = gitops
  const where = enabled
    ? [`git: ${url} ${branch} ${path}`]
    : ['git: not connected; workflows are kept in Faultline only']
  const lines = [...where, ...syncLines(sync), ...attentionLines(attention)]
  const needsPerson = needsAPerson(sync) || attention.total > 0
  const document = { enabled, url, branch, path, sync, attention: attention.first, attentionTotal: attention.total }
  return { exitCode: needsPerson ? EXIT.failed : EXIT.ok, lines, document }
}

/** `faultline sync`: a pass now, and how it ended. */
export async function syncNow(client: ServerClient, project: string): Promise<SyncReport> {
  const sync = await client.post<SyncStatus>(`${at(project)}/gitops/sync`)
  const exitCode = sync.status === 'off' ? EXIT.notRun : inSync(sync) ? EXIT.ok : EXIT.failed
  return { exitCode, lines: syncLines(sync), document: sync }
}

function inSync(sync: SyncStatus): boolean {
  return sync.status === 'ready' && !needsAPerson(sync)
}

function needsAPerson({ status, withheld }: SyncStatus): boolean {
  return status === 'stalled' || withheld.length > 0
}

function syncLines({ status, message, syncedCommit, syncedAt, openEdits, withheld }: SyncStatus): string[] {
  return [
    `sync: ${status}${message === null ? '' : `: ${message}`}`,
    ...(syncedCommit === null ? [] : [`last good commit: ${syncedCommit.slice(0, 12)} at ${syncedAt}`]),
    ...(openEdits === 0 ? [] : [`edits waiting for git: ${openEdits}`]),
    ...withheld.map(({ kind, paths }) => `withheld (${kind}), approve it in the portal: ${paths.join(', ')}`)
  ]
}

function attentionLines({ total, first }: Overview['attention']): string[] {
  const more = total - first.length
  return [...first.map(attentionLine), ...(more === 0 ? [] : [`and ${more} more, in the list of workflows`])]
}

function attentionLine({ path, sync, syncNote }: WorkflowSummary): string {
  return `${path}: ${sync}${syncNote === null ? '' : `: ${syncNote}`}`
}
