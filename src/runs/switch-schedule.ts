import { AppError } from '../platform/index.ts'
import { findDefinition } from '../store/index.ts'
import type { Tx } from '../store/runs/write.ts'
import { firstStart } from './plan-schedule.ts'
import { type ScheduleDesk, save, type Tended, tendOne } from './schedules.ts'

export interface SwitchOrder {
  project: string
  workflow: string
  user: string
}

/** A person lets the clock start the workflow, from now on: nothing before is made up for. */
export function activateSchedule(desk: ScheduleDesk, order: SwitchOrder, now: Date): Promise<void> {
  return withSchedule(desk, order, now, async (tx, { definition, row }) => {
    if (row.state === 'active') return
    const { rules } = row
    if (rules === null)
      throw refusal('runs/schedule-unread', 'This release cannot read its schedule; save the file anew.')
    const nextAt = rules.schedule.kind === 'on-activation' && rules.held === null ? now : firstStart(rules, now)
    if (nextAt === null && rules.held === null)
      throw refusal('runs/never-again', 'Its schedule has no further time: nothing would ever start.')
    if (nextAt === null && rules.schedule.kind === 'on-activation')
      throw refusal('runs/schedule-held', `The file keeps it from starting: ${rules.held}. Change that first.`)
    const by = { changedBy: order.user, changedAt: now, activatedRevision: definition.revision }
    await save(tx, definition, { ...row, ...by, state: 'active', nextAt })
  })
}

/** Nothing is started by the clock any more; what runs goes on. */
export function pauseSchedule(desk: ScheduleDesk, order: SwitchOrder, now: Date): Promise<void> {
  return withSchedule(desk, order, now, async (tx, { definition, row }) => {
    if (row.state === 'paused') return
    await save(tx, definition, { ...row, changedBy: order.user, changedAt: now, state: 'paused', nextAt: null })
  })
}

async function withSchedule(
  desk: ScheduleDesk,
  { project, workflow }: SwitchOrder,
  now: Date,
  work: (tx: Tx, tended: Tended) => Promise<void>
): Promise<void> {
  const definition = await findDefinition(desk.store.db, project, workflow)
  if (definition === undefined)
    throw missing('runs/unknown-workflow', `There is no workflow ${workflow} in this project, or it is not in git yet.`)
  await desk.store.db.transaction().execute(async (tx) => {
    const tended = await tendOne(desk, tx, definition.id, now)
    if (tended === undefined)
      throw missing('runs/no-schedule', `${workflow} has no schedule: a ${definition.kind} says nothing of its starts.`)
    await work(tx, tended)
  })
}

function missing(code: string, message: string): AppError {
  return new AppError({ code, kind: 'missing', message })
}

function refusal(code: string, message: string): AppError {
  return new AppError({ code, kind: 'clash', message })
}
