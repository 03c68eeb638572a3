import { Type } from 'typebox'
import {
  ChangeBody,
  CheckResult,
  DisableBody,
  EnableBody,
  FileQuery,
  Gitops,
  GitopsBody,
  HookSecret,
  HostKeyList,
  HostKeysBody,
  Pass,
  PassItems,
  PassQuery,
  PassTexts,
  Plan,
  PlanBody,
  Preview,
  PushAnswer,
  PushQuestion,
  RepositoryFile,
  SyncStatus
} from './gitops.ts'
import { manage, P, type Route, read } from './route.ts'
import { Page } from './shape.ts'

/** Settings → GitOps. */
export const GITOPS_ROUTES = {
  gitops: {
    method: 'GET',
    path: `${P}/gitops`,
    summary: 'GitOps settings and status',
    access: read,
    status: 200,
    response: Gitops
  },
  saveGitops: {
    method: 'PUT',
    path: `${P}/gitops`,
    summary: 'Save GitOps settings',
    access: manage,
    body: GitopsBody,
    status: 200,
    response: Gitops
  },
  testGitops: {
    method: 'POST',
    path: `${P}/gitops/test`,
    summary: 'Test the connection, step by step; with Accept: application/x-ndjson a line for each, as it ends',
    access: manage,
    body: Type.Partial(GitopsBody),
    status: 200,
    response: CheckResult
  },
  generateKey: {
    method: 'POST',
    path: `${P}/gitops/ssh-key`,
    summary: 'Make a new SSH key for the project; its private half never leaves the server',
    access: manage,
    status: 200,
    response: Gitops
  },
  hostKeys: {
    method: 'POST',
    path: `${P}/gitops/host-keys`,
    summary: 'The keys that an SSH host shows, to be compared and confirmed',
    access: manage,
    body: HostKeysBody,
    status: 200,
    response: HostKeyList
  },
  makeHookSecret: {
    method: 'POST',
    path: `${P}/gitops/hook-secret`,
    summary: 'A new secret for the webhook of the git host; shown once',
    access: manage,
    status: 200,
    response: HookSecret
  },
  previewGitops: {
    method: 'POST',
    path: `${P}/gitops/preview`,
    summary: 'What enabling, or a change to these settings, would import and export',
    access: manage,
    body: Type.Partial(GitopsBody),
    status: 200,
    response: Preview
  },
  planGitops: {
    method: 'POST',
    path: `${P}/gitops/plan`,
    summary: 'What a sync pass would do now, or what these files would do if they were pushed; nothing is changed',
    access: read,
    body: PlanBody,
    status: 200,
    response: Plan
  },
  enableGitops: {
    method: 'POST',
    path: `${P}/gitops/enable`,
    summary: 'Turn GitOps on',
    access: manage,
    body: EnableBody,
    status: 200,
    response: Gitops
  },
  changeGitops: {
    method: 'POST',
    path: `${P}/gitops/change`,
    summary: 'To another repository, branch or folder, while GitOps is on',
    access: manage,
    body: ChangeBody,
    status: 200,
    response: Gitops
  },
  disableGitops: {
    method: 'POST',
    path: `${P}/gitops/disable`,
    summary: 'Turn GitOps off',
    access: manage,
    body: DisableBody,
    status: 200,
    response: Gitops
  },
  restoreWorkflows: {
    method: 'POST',
    path: `${P}/gitops/restore-workflows`,
    summary: 'Restore the workflows that turning GitOps off has deleted',
    access: manage,
    status: 200,
    response: Gitops
  },
  pauseGitops: {
    method: 'POST',
    path: `${P}/gitops/pause`,
    summary: 'Pause GitOps: no polls, no pushes, edits wait, automatic runs are suspended',
    access: manage,
    status: 200,
    response: Gitops
  },
  resumeGitops: {
    method: 'POST',
    path: `${P}/gitops/resume`,
    summary: 'Go on after a pause',
    access: manage,
    status: 200,
    response: Gitops
  },
  syncNow: {
    method: 'POST',
    path: `${P}/gitops/sync`,
    summary: 'Sync now',
    access: { action: 'workflow.edit' },
    status: 200,
    response: SyncStatus
  },
  acceptWithheld: {
    method: 'POST',
    path: `${P}/gitops/withheld/:withheld/accept`,
    summary: 'Accept what is withheld',
    access: manage,
    status: 200,
    response: SyncStatus
  },
  explainPush: {
    method: 'GET',
    path: `${P}/gitops/explain`,
    summary: 'Why did my push do nothing? Of one commit or one file',
    access: read,
    query: PushQuestion,
    status: 200,
    response: PushAnswer
  },
  listFiles: {
    method: 'GET',
    path: `${P}/gitops/files`,
    summary: 'Files of the project’s folder in the repository, each with its state, by path',
    access: read,
    query: FileQuery,
    status: 200,
    response: Page(RepositoryFile)
  },
  listPasses: {
    method: 'GET',
    path: `${P}/gitops/passes`,
    summary: 'History of sync passes',
    access: read,
    query: PassQuery,
    status: 200,
    response: Page(Pass)
  },
  passItems: {
    method: 'GET',
    path: `${P}/gitops/passes/:pass`,
    summary: 'What one sync pass did, file by file',
    access: read,
    status: 200,
    response: PassItems
  },
  passTexts: {
    method: 'GET',
    path: `${P}/gitops/passes/:pass/items/:item`,
    summary: 'The texts before and after, of one item of a pass, numbered from 0',
    access: read,
    status: 200,
    response: PassTexts
  }
} as const satisfies Record<string, Route>
