import type { ChangeQuery, WatchedWorkload } from '../contract/index.ts'
import { askedWorkflows } from '../domain/index.ts'
import { listChanges, listWorkloads, type WatchedPlace, type WatchedRow } from '../store/index.ts'
import type { Handlers } from './context.ts'
import { badCursor, pageOf, pageRequest } from './page.ts'
import { project } from './run-routes.ts'
import { iso, workloadChange } from './view-run.ts'

export const changeRoutes: Handlers<'listChanges' | 'listWorkloads'> = {
  listChanges: async (call, { store }) => {
    const { limit, before } = pageRequest(call)
    const { outcome, q } = call.query as ChangeQuery
    const rows = await listChanges(store.db, project(call), { outcome, q, before, limit: limit + 1 })
    return { body: pageOf(rows, { limit, key: (row) => row.id, view: workloadChange }) }
  },

  listWorkloads: async (call, { store }) => {
    const { limit, before } = pageRequest(call)
    const after = before === undefined ? undefined : placeOf(before)
    const rows = await listWorkloads(store.db, project(call), { after, limit: limit + 1 })
    return { body: pageOf(rows, { limit, key: cursorOf, view: watchedWorkload }) }
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

function cursorOf({ body, uid }: WatchedRow): string {
  return Buffer.from(JSON.stringify([body.namespace, body.name, uid])).toString('base64url')
}

function placeOf(cursor: string): WatchedPlace {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (
      Array.isArray(place) &&
      place.length === 3 &&
      place.every((part) => typeof part === 'string' && !part.includes('\0'))
    ) {
      const [namespace = '', name = '', uid = ''] = place as string[]
      return { namespace, name, uid }
    }
  } catch {
    // not one of ours
  }
  throw badCursor()
}
