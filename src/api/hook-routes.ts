import { API_PREFIX, type Hook, type HookBody, type HookChange, type HookDecision } from '../contract/index.ts'
import { findHook, type HookEventRow, type ListedHook, listHookEvents, listHooks } from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { idCursor, pageOf, pageRequest } from './page.ts'
import { record } from './record.ts'
import { infrastructureOf, project, unknown } from './run-routes.ts'
import { iso } from './view-run.ts'

const USUAL_LIMIT = { runs: 6, perSeconds: 3600 }

export const hookRoutes: Handlers<
  'listHooks' | 'createHook' | 'changeHook' | 'removeHook' | 'renewHookSecret' | 'hookEvents'
> = {
  listHooks: async (call, api) => {
    const rows = await listHooks(api.store.db, project(call))
    return { body: { items: rows.map((row) => view(row, api)), next: null } }
  },

  createHook: async (call, api) => {
    const { kind, ...body } = call.body as HookBody
    const { id, secret } = await api.hooks.make(project(call), { kind, ...(await wishOf(call, api, body)) })
    const hook = await hookOf(call, api, id)
    await tell(call, api, { verb: 'create', after: hook })
    return { status: 201, body: { hook, secret } }
  },

  changeHook: async (call, api) => {
    const before = await hookOf(call, api)
    const wish = await wishOf(call, api, call.body as HookChange)
    await api.hooks.change({ project: project(call), id: before.id }, wish)
    const after = await hookOf(call, api)
    await tell(call, api, { verb: 'change', before, after })
    return { body: after }
  },

  removeHook: async (call, api) => {
    const before = await hookOf(call, api)
    await api.hooks.remove({ project: project(call), id: before.id })
    await tell(call, api, { verb: 'remove', before })
    return { status: 204 }
  },

  renewHookSecret: async (call, api) => {
    const hook = await hookOf(call, api)
    const secret = await api.hooks.renewSecret({ project: project(call), id: hook.id })
    await tell(call, api, { verb: 'renew-secret', after: hook })
    return { status: 201, body: { hook: await hookOf(call, api), secret } }
  },

  hookEvents: async (call, api) => {
    const { id } = await hookOf(call, api)
    const { limit, from: before } = pageRequest(call, idCursor)
    const rows = await listHookEvents(api.store.db, id, { before, limit: limit + 1 })
    return { body: pageOf(rows, { limit, key: (row) => row.id, view: decisionView }) }
  }
}

async function hookOf(call: Call, api: ApiOptions, id = call.params.hook ?? ''): Promise<Hook> {
  const row = await findHook(api.store.db, project(call), id)
  if (row !== undefined) return view(row, api)
  throw unknown('hook', id.slice(0, 100))
}

async function wishOf(call: Call, api: ApiOptions, { infrastructure, ...wish }: HookChange) {
  const infrastructureId = await infrastructureOf(call, api, infrastructure)
  return { parameters: {}, only: {}, limit: USUAL_LIMIT, paused: false, ...wish, infrastructureId }
}

function tell(call: Call, api: ApiOptions, done: { verb: string; before?: Hook; after?: Hook }): Promise<void> {
  const { verb, ...states } = done
  const target = (done.after ?? done.before)?.name ?? ''
  return record(call, api.accounts, { action: `hook.${verb}`, project: project(call), target, ...states })
}

function view(row: ListedHook, { publicUrl }: ApiOptions): Hook {
  const { id, kind, name, workflow, parameters, onlyWhere: only, paused, refusal, infrastructureId } = row
  const infrastructure =
    infrastructureId === null ? null : { id: infrastructureId, name: row.infrastructureName ?? infrastructureId }
  return {
    ...{ id, kind, name, workflow, parameters, only, paused, refusal, infrastructure },
    limit: { runs: row.limitRuns, perSeconds: row.limitSeconds },
    url: new URL(`${API_PREFIX}/hooks/start/${id}`, publicUrl).href,
    refusedAt: iso(row.refusedAt),
    createdAt: row.createdAt.toISOString()
  }
}

function decisionView(row: HookEventRow): HookDecision {
  const { id, subject, outcome, reason, runRequestId, requestState, requestReason, runId } = row
  const request =
    runRequestId === null ? null : { id: runRequestId, state: requestState ?? '', reason: requestReason, run: runId }
  return { id, subject, outcome, reason, request, at: row.createdAt.toISOString() }
}
