import { killSwitchesOf, serverKillSwitch } from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { project } from './run-routes.ts'
import { killSwitchView } from './view-run.ts'

export const killSwitchRoutes: Handlers<
  | 'killSwitch'
  | 'engageKillSwitch'
  | 'releaseKillSwitch'
  | 'serverKillSwitch'
  | 'engageServerKillSwitch'
  | 'releaseServerKillSwitch'
> = {
  killSwitch: async (call, api) => ({ body: await ofProject(call, api) }),

  engageKillSwitch: async (call, api) => {
    await engage(call, api, project(call))
    return { body: await ofProject(call, api) }
  },

  releaseKillSwitch: async (call, api) => {
    await release(call, api, project(call))
    return { body: await ofProject(call, api) }
  },

  serverKillSwitch: async (_call, api) => ({ body: await ofServer(api) }),

  engageServerKillSwitch: async (call, api) => {
    await engage(call, api, null)
    return { body: await ofServer(api) }
  },

  releaseServerKillSwitch: async (call, api) => {
    await release(call, api, null)
    return { body: await ofServer(api) }
  }
}

async function engage(call: Call, api: ApiOptions, where: string | null): Promise<void> {
  const { reason } = call.body as { reason: string }
  await api.runs.engageKillSwitch(where, { user: call.user.login, reason })
  await record(call, api, { where, action: 'kill-switch.engage', after: { reason } })
}

async function release(call: Call, api: ApiOptions, where: string | null): Promise<void> {
  await api.runs.releaseKillSwitch(where)
  await record(call, api, { where, action: 'kill-switch.release', after: null })
}

async function ofProject(call: Call, { store }: ApiOptions) {
  const { engaged, everywhere } = await killSwitchesOf(store.db, project(call))
  return { engaged: killSwitchView(engaged), everywhere: killSwitchView(everywhere) }
}

async function ofServer({ store }: ApiOptions) {
  return { engaged: killSwitchView(await serverKillSwitch(store.db)) }
}

function record(
  { user, address }: Call,
  { accounts }: ApiOptions,
  { where, ...entry }: { where: string | null; action: string; after: object | null }
): Promise<void> {
  return accounts.audit({
    actor: user.login,
    address,
    project: where,
    target: where ?? 'server',
    before: null,
    ...entry
  })
}
