import { Policy, SimulateBody, Simulation } from './policy.ts'
import { P, type Route, read } from './route.ts'
import { Page, PageQuery } from './shape.ts'

/** Event policies; they are saved and deleted as workflows are. */
export const POLICY_ROUTES = {
  listPolicies: {
    method: 'GET',
    path: `${P}/policies`,
    summary: 'Event policies: what they say, and what they decided last',
    access: read,
    query: PageQuery,
    status: 200,
    response: Page(Policy)
  },
  simulatePolicies: {
    method: 'POST',
    path: `${P}/policies/simulate`,
    summary: 'What the policies would make of a change; nothing is started',
    access: read,
    body: SimulateBody,
    status: 200,
    response: Simulation
  }
} as const satisfies Record<string, Route>
