import { Type } from 'typebox'
import { LoginBody, PasswordBody, Project, ProjectBody, Session } from './account.ts'
import { ACCOUNT_ROUTES } from './account-routes.ts'
import {
  FactsBody,
  FactsStored,
  KnownObservations,
  NextKey,
  ObservationsBody,
  ObservationsStored,
  RegisterBody,
  Registered,
  RenewBody,
  Renewed,
  TaskList,
  TaskQuery
} from './agent-channel.ts'
import { ChangeQuery, WatchedWorkload, WorkloadChange } from './change.ts'
import { GITOPS_ROUTES } from './gitops-routes.ts'
import { HOOK_ROUTES } from './hook-routes.ts'
import { INFRASTRUCTURE_ROUTES } from './infrastructure-routes.ts'
import { KILL_SWITCH_ROUTES } from './kill-switch-routes.ts'
import { MEMBER_ROUTES } from './member-routes.ts'
import { Overview } from './overview.ts'
import { POLICY_ROUTES } from './policy-routes.ts'
import { RunReport } from './report.ts'
import { edit, P, R, type Route, read, W } from './route.ts'
import {
  ApprovalBody,
  FactList,
  FactQuery,
  GuardrailsDocument,
  Run,
  RunBody,
  RunQuery,
  RunRequest,
  RunSummary,
  StopBody
} from './run.ts'
import { SCHEDULE_ROUTES } from './schedule-routes.ts'
import { Page, PageQuery } from './shape.ts'
import {
  CatalogueDocument,
  DeletedWorkflow,
  EditQuery,
  EditRequest,
  RenameBody,
  ResolveBody,
  Revision,
  Workflow,
  WorkflowSummary
} from './workflow.ts'

/** The HTTP API as data: the server's routes, the OpenAPI document, the portal's client and the denial tests come from it. */
export const ROUTES = {
  login: {
    method: 'POST',
    path: '/session',
    summary: 'Sign in',
    access: 'public',
    body: LoginBody,
    status: 200,
    response: Session
  },
  session: {
    method: 'GET',
    path: '/session',
    summary: 'Who am I',
    access: 'user',
    status: 200,
    response: Session
  },
  logout: {
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    access: 'session',
    status: 204,
    response: null
  },
  changePassword: {
    method: 'PUT',
    path: '/session/password',
    summary: 'Change my password',
    access: 'session',
    body: PasswordBody,
    status: 204,
    response: null
  },
  ...ACCOUNT_ROUTES,

  catalogue: {
    method: 'GET',
    path: '/catalogue',
    summary: 'Faults and probes with their schemas',
    access: 'user',
    status: 200,
    response: CatalogueDocument
  },
  stream: {
    method: 'GET',
    path: '/stream',
    summary: 'What changes, as server-sent events',
    access: 'user',
    query: Type.Object({ project: Type.String() }),
    status: 200,
    response: 'events'
  },

  listProjects: {
    method: 'GET',
    path: '/projects',
    summary: 'My projects',
    access: 'user',
    status: 200,
    response: Page(Project)
  },
  createProject: {
    method: 'POST',
    path: '/projects',
    summary: 'Create a project',
    access: 'user',
    body: ProjectBody,
    status: 201,
    response: Project
  },
  overview: {
    method: 'GET',
    path: `${P}/overview`,
    summary: 'The first screen',
    access: read,
    status: 200,
    response: Overview
  },

  listWorkflows: {
    method: 'GET',
    path: `${P}/workflows`,
    summary: 'Workflows, and bad files of the repository',
    access: read,
    query: Type.Object({
      ...PageQuery.properties,
      q: Type.Optional(Type.String({ maxLength: 200 }))
    }),
    status: 200,
    response: Page(WorkflowSummary)
  },
  createWorkflow: {
    method: 'POST',
    path: `${P}/workflows`,
    summary: 'Add a workflow: its manifest',
    access: edit,
    query: EditQuery,
    body: 'yaml',
    status: 202,
    response: EditRequest
  },
  workflow: {
    method: 'GET',
    path: W,
    summary: 'One workflow',
    access: read,
    status: 200,
    response: Workflow
  },
  manifest: {
    method: 'GET',
    path: `${W}/manifest`,
    summary: 'The manifest that runs',
    access: read,
    status: 200,
    response: 'yaml'
  },
  saveWorkflow: {
    method: 'PUT',
    path: W,
    summary: 'Save a workflow; If-Match names the text edited',
    access: edit,
    query: EditQuery,
    body: 'yaml',
    status: 202,
    response: EditRequest
  },
  renameWorkflow: {
    method: 'POST',
    path: `${W}/rename`,
    summary: 'Rename a workflow; its file moves along; If-Match names the text that is shown',
    access: edit,
    query: EditQuery,
    body: RenameBody,
    status: 202,
    response: EditRequest
  },
  deleteWorkflow: {
    method: 'DELETE',
    path: W,
    summary: 'Delete a workflow',
    access: edit,
    query: EditQuery,
    status: 202,
    response: EditRequest
  },
  resolveConflict: {
    method: 'POST',
    path: `${W}/resolve`,
    summary: 'End a conflict: keep git, keep portal, or a text of both',
    access: edit,
    query: EditQuery,
    body: ResolveBody,
    status: 202,
    response: EditRequest
  },
  listRevisions: {
    method: 'GET',
    path: `${W}/revisions`,
    summary: 'Revisions, newest first',
    access: read,
    query: PageQuery,
    status: 200,
    response: Page(Revision)
  },
  revisionManifest: {
    method: 'GET',
    path: `${W}/revisions/:number/manifest`,
    summary: 'The text of a revision',
    access: read,
    status: 200,
    response: 'yaml'
  },
  restoreRevision: {
    method: 'POST',
    path: `${W}/revisions/:number/restore`,
    summary: 'Save the text of a revision again; If-Match names the text that it replaces',
    access: edit,
    query: EditQuery,
    status: 202,
    response: EditRequest
  },
  listDeleted: {
    method: 'GET',
    path: `${P}/deleted-workflows`,
    summary: 'Deleted workflows, latest first',
    access: read,
    query: PageQuery,
    status: 200,
    response: Page(DeletedWorkflow)
  },
  deletedManifest: {
    method: 'GET',
    path: `${P}/deleted-workflows/:definition/manifest`,
    summary: 'The last text of a deleted workflow',
    access: read,
    status: 200,
    response: 'yaml'
  },
  restoreDeleted: {
    method: 'POST',
    path: `${P}/deleted-workflows/:definition/restore`,
    summary: 'Bring a deleted workflow back, with its history',
    access: edit,
    query: EditQuery,
    status: 202,
    response: EditRequest
  },
  listEdits: {
    method: 'GET',
    path: `${P}/edits`,
    summary: 'Open edit requests',
    access: read,
    status: 200,
    response: Page(EditRequest)
  },
  editRequest: {
    method: 'GET',
    path: `${P}/edits/:edit`,
    summary: 'One edit request',
    access: read,
    status: 200,
    response: EditRequest
  },
  discardEdit: {
    method: 'POST',
    path: `${P}/edits/:edit/discard`,
    summary: 'Discard an open edit request',
    access: edit,
    status: 200,
    response: EditRequest
  },

  ...HOOK_ROUTES,
  ...POLICY_ROUTES,
  ...SCHEDULE_ROUTES,
  ...KILL_SWITCH_ROUTES,

  ...GITOPS_ROUTES,

  ...MEMBER_ROUTES,

  listRuns: {
    method: 'GET',
    path: `${P}/runs`,
    summary: 'Runs, newest first',
    access: read,
    query: RunQuery,
    status: 200,
    response: Page(RunSummary)
  },
  startRun: {
    method: 'POST',
    path: `${P}/runs`,
    summary: 'Ask for a run',
    access: { action: 'run.start' },
    body: RunBody,
    status: 202,
    response: RunRequest
  },
  runRequest: {
    method: 'GET',
    path: `${P}/run-requests/:request`,
    summary: 'One run request',
    access: read,
    status: 200,
    response: RunRequest
  },
  run: {
    method: 'GET',
    path: R,
    summary: 'One run',
    access: read,
    status: 200,
    response: Run
  },
  runFacts: {
    method: 'GET',
    path: `${R}/facts`,
    summary: 'What the agent reported, in order',
    access: read,
    query: FactQuery,
    status: 200,
    response: FactList
  },
  runReport: {
    method: 'GET',
    path: `${R}/report.json`,
    summary: 'All that is known of a run, in one document',
    access: read,
    status: 200,
    response: RunReport
  },
  runReportHtml: {
    method: 'GET',
    path: `${R}/report.html`,
    summary: 'The report to read, to print, to keep: one file without script',
    access: read,
    status: 200,
    response: 'html'
  },
  runReportJunit: {
    method: 'GET',
    path: `${R}/report.xml`,
    summary: 'The report as JUnit XML, for pipelines',
    access: read,
    status: 200,
    response: 'xml'
  },
  approveStep: {
    method: 'POST',
    path: `${R}/approvals`,
    summary: 'Approve or reject a step that waits for a person',
    access: { action: 'run.approve' },
    body: ApprovalBody,
    status: 200,
    response: Run
  },
  stopRun: {
    method: 'POST',
    path: `${R}/stop`,
    summary: 'Stop a run',
    access: { action: 'run.stop' },
    body: StopBody,
    status: 202,
    response: RunSummary
  },

  listChanges: {
    method: 'GET',
    path: `${P}/changes`,
    summary: 'Workload changes and their decisions',
    access: read,
    query: ChangeQuery,
    status: 200,
    response: Page(WorkloadChange)
  },
  listWorkloads: {
    method: 'GET',
    path: `${P}/workloads`,
    summary: 'Workloads that are watched, and which of them have opted in',
    access: read,
    query: PageQuery,
    status: 200,
    response: Page(WatchedWorkload)
  },
  ...INFRASTRUCTURE_ROUTES,

  guardrails: {
    method: 'GET',
    path: `${P}/guardrails`,
    summary: 'Guardrails in force',
    access: read,
    status: 200,
    response: GuardrailsDocument
  },
  saveGuardrails: {
    method: 'PUT',
    path: `${P}/guardrails`,
    summary: 'Set the guardrails',
    access: { action: 'guardrails.manage' },
    body: GuardrailsDocument,
    status: 200,
    response: GuardrailsDocument
  },

  registerAgent: {
    method: 'POST',
    path: '/agent/register',
    summary: 'Exchange a registration token for a key',
    access: 'public',
    body: RegisterBody,
    status: 201,
    response: Registered
  },
  renewAgentKey: {
    method: 'POST',
    path: '/agent/key',
    summary: 'A next key for the agent: the one that it has works until this one is used',
    access: 'agent',
    status: 201,
    response: NextKey
  },
  agentTasks: {
    method: 'GET',
    path: '/agent/tasks',
    summary: 'Wait for tasks; also the heartbeat',
    access: 'agent',
    query: TaskQuery,
    status: 200,
    response: TaskList
  },
  renewLease: {
    method: 'POST',
    path: '/agent/runs/:run/renew',
    summary: 'Renew the lease of a run',
    access: 'agent',
    body: RenewBody,
    status: 200,
    response: Renewed
  },
  postFacts: {
    method: 'POST',
    path: '/agent/runs/:run/facts',
    summary: 'Post facts of a run',
    access: 'agent',
    body: FactsBody,
    status: 200,
    response: FactsStored
  },
  knownObservations: {
    method: 'GET',
    path: '/agent/observations',
    summary: 'The last observation of each workload that the server has, to number on from',
    access: 'agent',
    query: PageQuery,
    status: 200,
    response: KnownObservations
  },
  postObservations: {
    method: 'POST',
    path: '/agent/observations',
    summary: 'Post observations of workloads',
    access: 'agent',
    body: ObservationsBody,
    status: 200,
    response: ObservationsStored
  }
} as const satisfies Record<string, Route>

export type RouteId = keyof typeof ROUTES
export const API_PREFIX = '/api/v1'
