import { type Access, type Route, read, W } from './route.ts'
import { Schedule } from './schedule.ts'

const change: Access = { action: 'schedule.switch' }

/** When the clock starts a workflow. */
export const SCHEDULE_ROUTES = {
  schedule: {
    method: 'GET',
    path: `${W}/schedule`,
    summary: 'When a workflow starts by itself, and what came of it',
    access: read,
    status: 200,
    response: Schedule
  },
  activateSchedule: {
    method: 'POST',
    path: `${W}/schedule/activate`,
    summary: 'Let the clock start a workflow',
    access: change,
    status: 200,
    response: Schedule
  },
  pauseSchedule: {
    method: 'POST',
    path: `${W}/schedule/pause`,
    summary: 'Let the clock start a workflow no more',
    access: change,
    status: 200,
    response: Schedule
  }
} as const satisfies Record<string, Route>
