import {
  CreatedInfrastructure,
  Infrastructure,
  InfrastructureBody,
  InfrastructureChange,
  ServerInfrastructure
} from './infrastructure.ts'
import { P, type Route, read } from './route.ts'
import { Page, PageQuery } from './shape.ts'

/** by id, name or old name */
const I = `${P}/infrastructures/:infrastructure`
const G = '/infrastructures/:infrastructure/grants/:grantee'
const manage = { action: 'infrastructure.manage' } as const

/** Where runs happen: of a project, and, for admins, of the server. */
export const INFRASTRUCTURE_ROUTES = {
  listInfrastructures: {
    method: 'GET',
    path: `${P}/infrastructures`,
    summary: 'Infrastructures that are granted to the project',
    access: read,
    status: 200,
    response: Page(Infrastructure)
  },
  createInfrastructure: {
    method: 'POST',
    path: `${P}/infrastructures`,
    summary: 'Add an infrastructure; answers its registration token once',
    access: manage,
    body: InfrastructureBody,
    status: 201,
    response: CreatedInfrastructure
  },
  changeInfrastructure: {
    method: 'PUT',
    path: I,
    summary: 'Rename an infrastructure, or change its environment or engine; the old name stays an alias',
    access: manage,
    body: InfrastructureChange,
    status: 200,
    response: Infrastructure
  },
  removeInfrastructure: {
    method: 'DELETE',
    path: I,
    summary: 'Remove an infrastructure on which nothing runs; its runs stay readable, its agent ends',
    access: manage,
    status: 204,
    response: null
  },
  renewRegistration: {
    method: 'POST',
    path: `${I}/registration-token`,
    summary: 'A new registration token, shown once; the agent’s key ends when the token is used',
    access: manage,
    status: 201,
    response: CreatedInfrastructure
  },
  chooseDefaultInfrastructure: {
    method: 'PUT',
    path: `${I}/default`,
    summary: 'Let runs that say nothing else go there',
    access: manage,
    status: 200,
    response: Infrastructure
  },

  listServerInfrastructures: {
    method: 'GET',
    path: '/infrastructures',
    summary: 'All infrastructures of this server, and the projects that they are granted to',
    access: 'admin',
    query: PageQuery,
    status: 200,
    response: Page(ServerInfrastructure)
  },
  grantInfrastructure: {
    method: 'PUT',
    path: G,
    summary: 'Grant an infrastructure to a project; a local one serves one project',
    access: 'admin',
    status: 200,
    response: ServerInfrastructure
  },
  withdrawInfrastructure: {
    method: 'DELETE',
    path: G,
    summary: 'Withdraw an infrastructure from a project that has no run there',
    access: 'admin',
    status: 200,
    response: ServerInfrastructure
  }
} as const satisfies Record<string, Route>
