import type { StreamEvent } from '../../contract/index.ts'

/** Query keys: one branch per project and stream topic, so that an event names what to read again. */
export const SESSION_KEY = ['session'] as const
export const CATALOGUE_KEY = ['catalogue'] as const
/** of the reader */
export const TOKENS_KEY = ['tokens'] as const
/** of the server, for its admin */
export const INVITATIONS_KEY = ['invitations'] as const
export const USERS_KEY = ['users'] as const
export const SERVER_PLACES_KEY = ['server-infrastructures'] as const
export const SERVER_AUDIT_KEY = ['server-audit'] as const

export const keys = {
  project: (project: string) => ['p', project] as const,
  overview: (project: string) => ['p', project, 'overview'] as const,
  workflows: (project: string, q?: string) => ['p', project, 'workflows', ...(q === undefined ? [] : [q])] as const,
  /** below the workflows: an event about them may be about it */
  deleted: (project: string) => ['p', project, 'workflows', 'deleted'] as const,
  workflow: (project: string, name: string) => ['p', project, 'workflow', name] as const,
  revisions: (project: string, name: string) => ['p', project, 'workflow', name, 'revisions'] as const,
  /** below the workflow: an event about it may be about its schedule */
  schedule: (project: string, name: string) => ['p', project, 'workflow', name, 'schedule'] as const,
  gitops: (project: string) => ['p', project, 'gitops'] as const,
  files: (project: string) => ['p', project, 'gitops', 'files'] as const,
  passes: (project: string) => ['p', project, 'gitops', 'passes'] as const,
  /** never another: not below what events make stale */
  pass: (project: string, pass: string) => ['pass', project, pass] as const,
  edits: (project: string) => ['p', project, 'gitops', 'edits'] as const,
  runs: (project: string, filter?: object) => ['p', project, 'runs', ...(filter ? [filter] : [])] as const,
  /** below the runs: an event about them may be about it */
  killSwitch: (project: string) => ['p', project, 'runs', 'kill-switch'] as const,
  run: (project: string, run: string) => ['p', project, 'run', run] as const,
  facts: (project: string, run: string) => ['p', project, 'run', run, 'facts'] as const,
  changes: (project: string) => ['p', project, 'changes'] as const,
  infrastructures: (project: string) => ['p', project, 'infrastructures'] as const,
  guardrails: (project: string) => ['p', project, 'guardrails'] as const,
  members: (project: string) => ['p', project, 'members'] as const,
  hooks: (project: string) => ['p', project, 'hooks'] as const,
  audit: (project: string) => ['p', project, 'audit'] as const
}

/** What an event makes stale; the first screen shows a bit of everything. */
export function staleKeys(event: StreamEvent): (readonly unknown[])[] {
  const branch = ['p', event.project, event.topic]
  return [event.id === null ? branch : [...branch, event.id], keys.overview(event.project)]
}
