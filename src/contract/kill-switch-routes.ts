import { P, type Route, read } from './route.ts'
import { KillSwitch, KillSwitchBody, ServerKillSwitch } from './run.ts'

/** Of one project, and of the whole server: everything that runs is stopped, and nothing starts until it is released. */
export const KILL_SWITCH_ROUTES = {
  killSwitch: {
    method: 'GET',
    path: `${P}/kill-switch`,
    summary: 'Whether the kill switch of the project, or of the server, is on, and why',
    access: read,
    status: 200,
    response: KillSwitch
  },
  engageKillSwitch: {
    method: 'PUT',
    path: `${P}/kill-switch`,
    summary: 'Stop every run of the project, and let none start',
    access: { action: 'run.stop' },
    body: KillSwitchBody,
    status: 200,
    response: KillSwitch
  },
  releaseKillSwitch: {
    method: 'DELETE',
    path: `${P}/kill-switch`,
    summary: 'Let runs start again',
    access: { action: 'kill-switch.release' },
    status: 200,
    response: KillSwitch
  },
  serverKillSwitch: {
    method: 'GET',
    path: '/kill-switch',
    summary: 'Whether the kill switch of the server is on, and why',
    access: 'user',
    status: 200,
    response: ServerKillSwitch
  },
  engageServerKillSwitch: {
    method: 'PUT',
    path: '/kill-switch',
    summary: 'Stop every run of every project, and let none start',
    access: 'admin',
    scope: 'run',
    body: KillSwitchBody,
    status: 200,
    response: ServerKillSwitch
  },
  releaseServerKillSwitch: {
    method: 'DELETE',
    path: '/kill-switch',
    summary: 'Let runs of the projects start again',
    access: 'admin',
    scope: 'manage',
    status: 200,
    response: ServerKillSwitch
  }
} as const satisfies Record<string, Route>
