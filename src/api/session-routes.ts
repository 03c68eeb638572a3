import type { Session } from '../contract/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { record } from './record.ts'

export const sessionRoutes: Handlers<
  'login' | 'session' | 'logout' | 'changePassword' | 'listProjects' | 'createProject' | 'catalogue'
> = {
  login: async (call, api) => {
    const { login, password } = call.body as { login: string; password: string }
    const { user, token } = await api.accounts.login({ login, password, address: call.address })
    return { body: await sessionOf({ ...call, user }, api), cookie: token }
  },

  session: async (call, api) => ({ body: await sessionOf(call, api) }),

  logout: async (call, api) => {
    await api.accounts.logout(call.user.sessionId)
    await record(call, api.accounts, { action: 'session.end', project: null, target: call.user.login })
    return { status: 204, cookie: null }
  },

  changePassword: async (call, api) => {
    const { current, next } = call.body as { current: string; next: string }
    await api.accounts.changePassword({ user: call.user, current, next })
    await api.accounts.audit({
      actor: call.user.login,
      address: call.address,
      action: 'password.change',
      project: null,
      target: call.user.login,
      before: null,
      after: null
    })
    return { status: 204 }
  },

  listProjects: async (call, api) => {
    const projects = await projectsOf(call, api)
    return { body: { items: projects.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })), next: null } }
  },

  createProject: async (call, api) => {
    const { id, name } = call.body as { id: string; name: string }
    const created = await api.accounts.createProject({ id, name, owner: call.user.id })
    await api.accounts.audit({
      actor: call.user.login,
      address: call.address,
      action: 'project.create',
      project: id,
      target: id,
      before: null,
      after: { name }
    })
    return { status: 201, body: { id, name, role: 'owner', createdAt: created.createdAt.toISOString() } }
  },

  catalogue: async (_call, { catalogue }) => ({ body: catalogue })
}

async function sessionOf(call: Call, api: ApiOptions): Promise<Session> {
  const { user } = call
  const projects = await projectsOf(call, api)
  return {
    user: { id: user.id, login: user.login, name: user.name, isAdmin: user.isAdmin },
    mustChangePassword: user.mustChangePassword,
    csrfToken: user.csrfToken,
    projects: projects.map(({ id, name, role }) => ({ id, name, role })),
    version: api.version
  }
}

/** A token for one project knows of no other. */
async function projectsOf({ user }: Call, { accounts }: ApiOptions) {
  const projects = await accounts.projectsOf(user.id)
  const only = user.token?.project ?? null
  return only === null ? projects : projects.filter(({ id }) => id === only)
}
