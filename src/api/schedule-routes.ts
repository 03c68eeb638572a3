import type { Schedule } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import { findDefinition, findSchedule, listRevisions, scheduledRequests, snapshot } from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { project, unknown } from './run-routes.ts'
import { scheduleView } from './view-schedule.ts'

const STARTS_SHOWN = 20
const CHANGES_SHOWN = 10

export const scheduleRoutes: Handlers<'schedule' | 'activateSchedule' | 'pauseSchedule'> = {
  schedule: async (call, api) => ({ body: await scheduleOf(call, api) }),
  activateSchedule: (call, api) => change(call, api, 'active'),
  pauseSchedule: (call, api) => change(call, api, 'paused')
}

async function change(call: Call, api: ApiOptions, to: 'active' | 'paused') {
  const workflow = call.params.name ?? ''
  const before = await stateOf(call, api)
  await api.runs.switchSchedule({ project: project(call), workflow, user: call.user.login, to })
  const after = await scheduleOf(call, api)
  await api.accounts.audit({
    actor: call.user.login,
    address: call.address,
    action: to === 'active' ? 'schedule.activate' : 'schedule.pause',
    project: project(call),
    target: workflow,
    before: { state: before },
    after: { state: after.state, schedule: after.words, next: after.next }
  })
  return { body: after }
}

/** A schedule that has just come is not read yet, and is paused at first. */
async function stateOf(call: Call, { store }: ApiOptions): Promise<Schedule['state']> {
  const definition = await findDefinition(store.db, project(call), call.params.name ?? '')
  const row = definition === undefined ? undefined : await findSchedule(store.db, definition.id)
  return row?.state ?? 'paused'
}

function scheduleOf(call: Call, { store, clock }: ApiOptions): Promise<Schedule> {
  const workflow = call.params.name ?? ''
  return snapshot(store.db, async (tx) => {
    const definition = await findDefinition(tx, project(call), workflow)
    if (definition === undefined) throw unknown('workflow', workflow)
    const row = await findSchedule(tx, definition.id)
    if (row === undefined || row.rules === null) throw noSchedule(workflow)
    const revisions = await listRevisions(tx, definition.id, { limit: CHANGES_SHOWN, before: null })
    return scheduleView({
      workflow,
      row,
      rules: row.rules,
      revisions: revisions.map((revision) => ({ ...revision, createdAt: revision.createdAt.toISOString() })),
      requests: await scheduledRequests(tx, definition.id, STARTS_SHOWN),
      now: clock.now()
    })
  })
}

function noSchedule(workflow: string): AppError {
  const message = `${workflow} has no schedule: its file says nothing of when it starts.`
  return new AppError({ code: 'runs/no-schedule', kind: 'missing', message })
}
