import type { TObject, TSchema } from 'typebox'
import type { TokenScope } from '../domain/index.ts'

/**
 * Who may call: nobody in particular, a signed-in user (also by an API token), one with a session of his own (never by
 * a token), an admin of the server with one, a member who may do the action, an agent.
 */
export type Access = 'public' | 'user' | 'session' | 'admin' | 'agent' | { action: Action }

export const ACTIONS = [
  'project.read',
  'workflow.edit',
  'run.start',
  'run.stop',
  'run.approve',
  'schedule.switch',
  'gitops.manage',
  'infrastructure.manage',
  'hooks.manage',
  'guardrails.manage',
  'kill-switch.release',
  'members.manage',
  'audit.read'
] as const
export type Action = (typeof ACTIONS)[number]

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Fastify's form, below /api/v1 */
  path: string
  summary: string
  access: Access
  /** of an admin's route: the scope with which an API token may do it too; absent: none may */
  scope?: TokenScope
  query?: TObject
  /** JSON body, or a manifest as application/yaml */
  body?: TSchema | 'yaml'
  /** status and JSON body of success; 'yaml' = a manifest with ETag; 'html', 'xml' = a document; null = 204 */
  status: 200 | 201 | 202 | 204
  response: TSchema | 'yaml' | 'html' | 'xml' | 'events' | null
}

/** below a project, and who may do what there */
export const P = '/projects/:project'
export const W = `${P}/workflows/:name`
export const R = `${P}/runs/:run`
export const read: Access = { action: 'project.read' }
export const edit: Access = { action: 'workflow.edit' }
export const manage: Access = { action: 'gitops.manage' }
