import {
  API_PREFIX,
  type ChangeBody,
  type CheckStep,
  type DisableBody,
  type Gitops,
  type GitopsBody,
  type PlanBody,
  type PushQuestion
} from '../contract/index.ts'
import { snapshot } from '../store/index.ts'
import { type ApiOptions, authorOf, type Call, type Handlers } from './context.ts'
import { filePage } from './file-list.ts'
import { asLines, LINES } from './lines.ts'
import { pageOf, pageRequest, textsCursor } from './page.ts'
import { project } from './run-routes.ts'

/** the path */
const fileCursor = textsCursor(1)

export const gitopsRoutes: Handlers<
  | 'gitops'
  | 'saveGitops'
  | 'testGitops'
  | 'generateKey'
  | 'hostKeys'
  | 'makeHookSecret'
  | 'previewGitops'
  | 'planGitops'
  | 'enableGitops'
  | 'changeGitops'
  | 'disableGitops'
  | 'restoreWorkflows'
  | 'pauseGitops'
  | 'resumeGitops'
  | 'syncNow'
  | 'acceptWithheld'
  | 'explainPush'
  | 'listFiles'
> = {
  gitops: async (call, { sync }) => ({ body: await sync.settings(project(call)) }),

  saveGitops: async (call, api) => {
    const before = await api.sync.settings(project(call))
    const after = await api.sync.save(project(call), call.body as GitopsBody)
    await record(call, api, { action: 'gitops.save', before: shown(before), after: shown(after) })
    return { body: after }
  },

  testGitops: async (call, { sync }) => {
    const given = givenSettings(call)
    if (call.headers.accept !== LINES) return { body: await sync.check(project(call), given, () => undefined) }
    return asLines<CheckStep>((tell) => sync.check(project(call), given, tell))
  },

  generateKey: async (call, api) => {
    const after = await api.sync.generateKey(project(call))
    await record(call, api, { action: 'gitops.generate-key', before: null, after: { publicKey: after.publicKey } })
    return { body: after }
  },

  hostKeys: async (call, { sync }) => ({
    body: await sync.hostKeys(project(call), (call.body as { url: string }).url)
  }),

  makeHookSecret: async (call, api) => {
    const secret = await api.sync.makeHookSecret(project(call))
    await record(call, api, { action: 'gitops.make-hook-secret', before: null, after: null })
    return { body: { secret, path: `${API_PREFIX}/hooks/git/${project(call)}` } }
  },

  previewGitops: async (call, { sync }) => ({ body: await sync.preview(project(call), givenSettings(call)) }),

  planGitops: async (call, { sync }) => ({ body: await sync.plan(project(call), (call.body ?? {}) as PlanBody) }),

  enableGitops: async (call, api) => {
    const create = (call.body as { create?: boolean } | null)?.create === true
    const after = await api.sync.enable(project(call), { create, author: authorOf(call, api) })
    await record(call, api, { action: 'gitops.enable', before: null, after: shown(after) })
    return { body: after }
  },

  changeGitops: async (call, api) => {
    const body = call.body as ChangeBody
    const before = await api.sync.settings(project(call))
    const order = { body, author: authorOf(call, api), user: call.user.login }
    const after = await api.sync.change(project(call), order)
    const told = { ...shown(after), openEdits: body.openEdits ?? null }
    await record(call, api, { action: 'gitops.change', before: shown(before), after: told })
    return { body: after }
  },

  disableGitops: async (call, api) => {
    const { openEdits = null, workflows = 'keep' } = (call.body as DisableBody | null) ?? {}
    const before = await api.sync.settings(project(call))
    const after = await api.sync.disable(project(call), { openEdits, workflows, user: call.user.login })
    const deleted = after.deletedWorkflows?.count ?? 0
    const told = { enabled: after.enabled, openEdits, workflows, deleted }
    await record(call, api, { action: 'gitops.disable', before: { enabled: before.enabled }, after: told })
    return { body: after }
  },

  restoreWorkflows: async (call, api) => {
    const before = await api.sync.settings(project(call))
    const after = await api.sync.restoreWorkflows(project(call))
    const told = ({ deletedWorkflows }: Gitops) => ({ deletedWorkflows })
    await record(call, api, { action: 'gitops.restore-workflows', before: told(before), after: told(after) })
    return { body: after }
  },

  pauseGitops: async (call, api) => {
    const before = await api.sync.settings(project(call))
    const after = await api.sync.pause(project(call), call.user.login)
    await record(call, api, { action: 'gitops.pause', before: paused(before), after: paused(after) })
    return { body: after }
  },

  resumeGitops: async (call, api) => {
    const before = await api.sync.settings(project(call))
    const after = await api.sync.resume(project(call))
    await record(call, api, { action: 'gitops.resume', before: paused(before), after: paused(after) })
    return { body: after }
  },

  syncNow: async (call, { sync }) => ({ body: await sync.syncNow(project(call)) }),

  acceptWithheld: async (call, api) => {
    const withheld = call.params.withheld ?? ''
    const status = await api.sync.accept(project(call), withheld, call.user.login)
    await record(call, api, { action: 'gitops.accept', before: null, after: { withheld } })
    return { body: status }
  },

  explainPush: async (call, { sync }) => ({ body: await sync.explain(project(call), call.query as PushQuestion) }),

  listFiles: async (call, { store }) => {
    const { limit, from } = pageRequest(call, fileCursor)
    const { q } = call.query as { q?: string }
    const query = {
      limit: limit + 1,
      ...(q !== undefined && { q }),
      ...(from !== undefined && { after: from[0] ?? '' })
    }
    const rows = await snapshot(store.db, (tx) => filePage(tx, project(call), query))
    return { body: pageOf(rows, { limit, key: ({ path }) => fileCursor.write([path]), view: (row) => row }) }
  }
}

/** Settings to try; null: the stored ones. */
function givenSettings({ body }: Call): GitopsBody | null {
  const given = body as Partial<GitopsBody> | null
  return typeof given?.url === 'string' && typeof given.branch === 'string' ? (given as GitopsBody) : null
}

/** Settings as the audit log keeps them: whether there is a token or password, never which. */
function shown({ sync: _sync, hook: _hook, pollsEvery: _pollsEvery, ...settings }: Gitops) {
  return settings
}

function paused({ sync }: Gitops): { paused: Gitops['sync']['paused'] } {
  return { paused: sync.paused }
}

function record(
  call: Call,
  api: ApiOptions,
  entry: { action: string; before: object | null; after: object | null }
): Promise<void> {
  return api.accounts.audit({
    actor: call.user.login,
    address: call.address,
    project: project(call),
    target: project(call),
    ...entry
  })
}
