import type { Role, TokenScope } from '../domain/index.ts'

/** Who may do what in a project; the table of docs/reference is this one. What is not named here, nobody may. */
export const ROLE_MATRIX = {
  'project.read': ['owner', 'executor', 'viewer'],
  'workflow.edit': ['owner', 'executor'],
  'run.start': ['owner', 'executor'],
  'run.stop': ['owner', 'executor'],
  'run.approve': ['owner', 'executor'],
  'schedule.switch': ['owner', 'executor'],
  'gitops.manage': ['owner'],
  'infrastructure.manage': ['owner'],
  'hooks.manage': ['owner'],
  'guardrails.manage': ['owner'],
  'kill-switch.release': ['owner'],
  'members.manage': ['owner'],
  'audit.read': ['owner']
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof ROLE_MATRIX

/** False also for an action that is not known. */
export function may(role: Role, action: string): boolean {
  const roles: readonly Role[] = Object.hasOwn(ROLE_MATRIX, action) ? ROLE_MATRIX[action as Action] : []
  return roles.includes(role)
}

/** The scope that an API token needs for an action, where its user may do it; reading needs none in particular. */
const SCOPES: Record<Action, TokenScope> = {
  'project.read': 'read',
  'workflow.edit': 'edit',
  'run.start': 'run',
  'run.stop': 'run',
  'run.approve': 'run',
  'schedule.switch': 'run',
  'gitops.manage': 'manage',
  'infrastructure.manage': 'manage',
  'hooks.manage': 'manage',
  'guardrails.manage': 'manage',
  'kill-switch.release': 'manage',
  'members.manage': 'manage',
  'audit.read': 'manage'
}

/** Null for an action that is not known. */
export function scopeOf(action: string): TokenScope | null {
  return Object.hasOwn(SCOPES, action) ? SCOPES[action as Action] : null
}
