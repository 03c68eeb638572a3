import type { ChangeQuery, WatchedWorkload } from '../contract/index.ts'
import { askedWorkflows } from '../domain/index.ts'
import { listChanges, listWorkloads, type WatchedRow } from '../store/index.ts'
import type { Handlers } from './context.ts'
import { idCursor, pageOf, pageRequest, textsCursor } from './page.ts'
import { project } from './run-routes.ts'
import { iso, workloadChange } from './view-run.ts'

/** namespace, name, uid */
const workloadCursor = textsCursor(3)

export const changeRoutes: Handlers<'listChanges' | 'listWorkloads'> = {
  listChanges: async (call, { store }) => {
    const { limit, from: before } = pageRequest(call, idCursor)
    const { outcome, q } = call.query as ChangeQuery
    const rows = await listChanges(store.db, project(call), { outcome, q, before, limit: limit + 1 })
    return { body: pageOf(rows, { limit, key: (row) => row.id, view: workloadChange }) }
  },

  listWorkloads: async (call, { store }) => {
    const { limit, from } = pageRequest(call, workloadCursor)
    const [namespace = '', name = '', uid = ''] = from ?? []
    const after = from && { namespace, name, uid }
    const rows = await listWorkloads(store.db, project(call), { after, limit: limit + 1 })
    return {
      body: pageOf(rows, {
        limit,
        key: ({ body, uid }) => workloadCursor.write([body.namespace, body.name, uid]),
        view: watchedWorkload
      })
    }
  }
}

function watchedWorkload(row: WatchedRow): WatchedWorkload {
  const { kind, namespace, name, aspects, rollout } = row.body
  return {
    infrastructure: { id: row.infrastructureId, name: row.infrastructureName },
    uid: row.uid,
    kind,
    namespace,
    name,
    images: { ...aspects.image },
    rollout,
    asked: askedWorkflows(aspects),
    observedAt: row.receivedAt.toISOString(),
    changedAt: iso(row.changeAt),
    lastRun: row.runId
  }
}
