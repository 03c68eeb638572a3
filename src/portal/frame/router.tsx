import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect
} from '@tanstack/react-router'
import { LoginPage } from '../features/login/login-page.tsx'
import { auditFilter } from './audit-filter.ts'
import { BrokenPage } from './broken-page.tsx'
import { eventFilter } from './event-filter.ts'
import { HomePage } from './home-page.tsx'
import { LostPage } from './lost-page.tsx'
import { type PagePlace, pagePlace } from './page-place.ts'
import { PASS_OUTCOMES, type PassOutcome } from './pass-filter.ts'
import { ProjectFrame } from './project-frame.tsx'
import { runFilter } from './run-filter.ts'
import { SignedIn } from './signed-in.tsx'
import { WORKFLOW_TABS, type WorkflowTab } from './workflow-tab.ts'

const root = createRootRoute({ component: Outlet, notFoundComponent: LostPage })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search): { next?: string } => (typeof search.next === 'string' ? { next: search.next } : {}),
  component: LoginPage
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../features/login/invitation-page.tsx'), 'InvitationPage')
})

const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', component: SignedIn })
const home = createRoute({ getParentRoute: () => signedIn, path: '/', component: HomePage })
const project = createRoute({ getParentRoute: () => signedIn, path: '/p/$project', component: ProjectFrame })

const overview = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: lazyRouteComponent(() => import('../features/overview/overview-page.tsx'), 'OverviewPage')
})

const workflows = createRoute({
  getParentRoute: () => project,
  path: '/workflows',
  validateSearch: (search): { q?: string } & PagePlace => ({ ...texts(search, ['q']), ...pagePlace(search) }),
  component: lazyRouteComponent(() => import('../features/workflows/workflows-page.tsx'), 'WorkflowsPage')
})

const newWorkflow = createRoute({
  getParentRoute: () => project,
  path: '/workflows/new',
  validateSearch: ({ kind }: Record<string, unknown>): { kind?: 'policy' } => (kind === 'policy' ? { kind } : {}),
  component: lazyRouteComponent(() => import('../features/workflow/new-workflow-page.tsx'), 'NewWorkflowPage')
})

const workflow = createRoute({
  getParentRoute: () => project,
  path: '/workflows/$name',
  validateSearch: (search): { tab?: WorkflowTab } => {
    const tab = WORKFLOW_TABS.find((candidate) => candidate === search.tab)
    return tab === undefined ? {} : { tab }
  },
  component: lazyRouteComponent(() => import('../features/workflow/workflow-page.tsx'), 'WorkflowPage')
})

const conflict = createRoute({
  getParentRoute: () => project,
  path: '/workflows/$name/conflict',
  component: lazyRouteComponent(() => import('../features/workflow/conflict-page.tsx'), 'ConflictPage')
})

const deletedWorkflows = createRoute({
  getParentRoute: () => project,
  path: '/deleted-workflows',
  component: lazyRouteComponent(() => import('../features/workflows/deleted-page.tsx'), 'DeletedPage')
})

const runs = createRoute({
  getParentRoute: () => project,
  path: '/runs',
  validateSearch: runFilter,
  component: lazyRouteComponent(() => import('../features/runs/runs-page.tsx'), 'RunsPage')
})

const events = createRoute({
  getParentRoute: () => project,
  path: '/events',
  validateSearch: eventFilter,
  component: lazyRouteComponent(() => import('../features/events/events-page.tsx'), 'EventsPage')
})

const compare = createRoute({
  getParentRoute: () => project,
  path: '/runs/compare',
  validateSearch: (search): { a?: string; b?: string } => texts(search, ['a', 'b']),
  component: lazyRouteComponent(() => import('../features/compare/compare-page.tsx'), 'ComparePage')
})

const run = createRoute({
  getParentRoute: () => project,
  path: '/runs/$run',
  component: lazyRouteComponent(() => import('../features/run/run-page.tsx'), 'RunPage')
})

const settings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/settings/gitops', params })
  }
})

const gitops = createRoute({
  getParentRoute: () => project,
  path: '/settings/gitops',
  validateSearch: (search): { passes?: PassOutcome } => {
    const passes = PASS_OUTCOMES.find((candidate) => candidate === search.passes)
    return passes === undefined ? {} : { passes }
  },
  component: lazyRouteComponent(() => import('../features/gitops/gitops-page.tsx'), 'GitopsPage')
})

const infrastructures = createRoute({
  getParentRoute: () => project,
  path: '/infrastructures',
  component: lazyRouteComponent(
    () => import('../features/infrastructures/infrastructures-page.tsx'),
    'InfrastructuresPage'
  )
})

/** where the page was before */
const settingsInfrastructures = createRoute({
  getParentRoute: () => project,
  path: '/settings/infrastructures',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/infrastructures', params })
  }
})

const guardrails = createRoute({
  getParentRoute: () => project,
  path: '/settings/guardrails',
  component: lazyRouteComponent(() => import('../features/guardrails/guardrails-page.tsx'), 'GuardrailsPage')
})

const hooks = createRoute({
  getParentRoute: () => project,
  path: '/settings/hooks',
  validateSearch: (search): { hook?: string } => texts(search, ['hook']),
  component: lazyRouteComponent(() => import('../features/hooks/hooks-page.tsx'), 'HooksPage')
})

const members = createRoute({
  getParentRoute: () => project,
  path: '/settings/members',
  component: lazyRouteComponent(() => import('../features/members/members-page.tsx'), 'MembersPage')
})

const tokens = createRoute({
  getParentRoute: () => project,
  path: '/settings/tokens',
  component: lazyRouteComponent(() => import('../features/tokens/tokens-page.tsx'), 'TokensPage')
})

const users = createRoute({
  getParentRoute: () => project,
  path: '/settings/users',
  component: lazyRouteComponent(() => import('../features/users/users-page.tsx'), 'UsersPage')
})

const audit = createRoute({
  getParentRoute: () => project,
  path: '/settings/audit',
  validateSearch: auditFilter,
  component: lazyRouteComponent(() => import('../features/audit/audit-page.tsx'), 'AuditPage')
})

const pages = [
  overview,
  workflows,
  newWorkflow,
  workflow,
  conflict,
  deletedWorkflows,
  runs,
  compare,
  events,
  run,
  settings,
  gitops,
  infrastructures,
  settingsInfrastructures,
  guardrails,
  hooks,
  members,
  tokens,
  audit,
  users
]
const tree = root.addChildren([login, invitation, signedIn.addChildren([home, project.addChildren(pages)])])

/** Pages by URL; filters and tabs live in the URL, so that every view can be shared. */
export function createPortalRouter() {
  return createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: BrokenPage
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>
  }
}

/** The given search words that are texts; all else is dropped. */
function texts<const K extends string>(search: Record<string, unknown>, names: readonly K[]): { [N in K]?: string } {
  const found: { [N in K]?: string } = {}
  for (const name of names) {
    const value = search[name]
    if (typeof value === 'string' && value !== '') found[name] = value
    else if (typeof value === 'number' || typeof value === 'boolean') found[name] = String(value)
  }
  return found
}
