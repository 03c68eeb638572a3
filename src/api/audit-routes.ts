import type { AuditItem, ServerAuditQuery } from '../contract/index.ts'
import { type AuditRow, listAudit } from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { idCursor, pageOf, pageRequest } from './page.ts'
import { project } from './run-routes.ts'

export const auditRoutes: Handlers<'listAudit' | 'listServerAudit'> = {
  listAudit: (call, api) => page(call, api, project(call)),
  listServerAudit: (call, api) => page(call, api, (call.query as ServerAuditQuery).project)
}

async function page(call: Call, { store }: ApiOptions, only: string | undefined) {
  const { limit, from: before } = pageRequest(call, idCursor)
  const { actor, action, q, from, to } = call.query as ServerAuditQuery
  const times = { from: timeOf(from), to: timeOf(to) }
  const rows = await listAudit(store.db, { project: only, actor, action, q, ...times, before, limit: limit + 1 })
  return { body: pageOf(rows, { limit, key: (row) => row.id, view: auditItem }) }
}

function timeOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text)
}

function auditItem({ id, at, actor, address, action, projectId, target, before, after }: AuditRow): AuditItem {
  return { id, at: at.toISOString(), actor, address, action, project: projectId, target, before, after }
}
