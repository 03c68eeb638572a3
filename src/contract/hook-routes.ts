import { CreatedHook, Gate, GateQuery, Hook, HookBody, HookChange, HookDecision } from './hook.ts'
import { type Access, P, type Route, read } from './route.ts'
import { Page, PageQuery } from './shape.ts'

const manage: Access = { action: 'hooks.manage' }
const H = `${P}/hooks/:hook`
const G = `${P}/gates/:name`

/** Other systems start workflows, and ask how they ended. */
export const HOOK_ROUTES = {
  listHooks: {
    method: 'GET',
    path: `${P}/hooks`,
    summary: 'Hooks with which other systems start workflows; at most 50',
    access: read,
    status: 200,
    response: Page(Hook)
  },
  createHook: {
    method: 'POST',
    path: `${P}/hooks`,
    summary: 'Add a hook; answers its secret once',
    access: manage,
    body: HookBody,
    status: 201,
    response: CreatedHook
  },
  changeHook: {
    method: 'PUT',
    path: H,
    summary: 'Change what a hook starts and when, or pause it; its kind and secret stay',
    access: manage,
    body: HookChange,
    status: 200,
    response: Hook
  },
  removeHook: {
    method: 'DELETE',
    path: H,
    summary: 'Remove a hook with what was decided about its calls; its runs stay',
    access: manage,
    status: 204,
    response: null
  },
  renewHookSecret: {
    method: 'POST',
    path: `${H}/secret`,
    summary: 'A new secret for a hook, shown once; the one before counts no more',
    access: manage,
    status: 201,
    response: CreatedHook
  },
  hookEvents: {
    method: 'GET',
    path: `${H}/events`,
    summary: 'What was decided about the calls of a hook, newest first; the last 500 are kept',
    access: read,
    query: PageQuery,
    status: 200,
    response: Page(HookDecision)
  },
  gate: {
    method: 'GET',
    path: G,
    summary: 'Whether a release may go on, as a document: a web metric of Argo Rollouts',
    access: read,
    query: GateQuery,
    status: 200,
    response: Gate
  },
  askGate: {
    method: 'POST',
    path: G,
    summary: 'Whether a release may go on, as a status: 200 yes, 409 no or not yet: a webhook of Flagger',
    access: read,
    query: GateQuery,
    status: 200,
    response: Gate
  }
} as const satisfies Record<string, Route>
