import { killSwitchOf } from '../store/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { project } from './run-routes.ts'
import { killSwitchView } from './view-run.ts'

export const killSwitchRoutes: Handlers<'killSwitch' | 'engageKillSwitch' | 'releaseKillSwitch'> = {
  killSwitch: async (call, api) => ({ body: await answer(call, api) }),

  engageKillSwitch: async (call, api) => {
    const { reason } = call.body as { reason: string }
    await api.runs.engageKillSwitch(project(call), { user: call.user.login, reason })
    await record(call, api, { action: 'kill-switch.engage', after: { reason } })
    return { body: await answer(call, api) }
  },

  releaseKillSwitch: async (call, api) => {
    await api.runs.releaseKillSwitch(project(call))
    await record(call, api, { action: 'kill-switch.release', after: null })
    return { body: await answer(call, api) }
  }
}

async function answer(call: Call, { store }: ApiOptions) {
  return { engaged: killSwitchView(await killSwitchOf(store.db, project(call))) }
}

function record(call: Call, { accounts }: ApiOptions, entry: { action: string; after: object | null }): Promise<void> {
  return accounts.audit({
    actor: call.user.login,
    project: project(call),
    target: project(call),
    before: null,
    ...entry
  })
}
