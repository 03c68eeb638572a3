import type { Member, MemberBody } from '../contract/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { project } from './run-routes.ts'

export const memberRoutes: Handlers<'listMembers' | 'addMember' | 'setRole' | 'removeMember'> = {
  listMembers: async (call, { accounts }) => ({
    body: { items: (await accounts.members.list(project(call))) satisfies Member[], next: null }
  }),

  addMember: async (call, api) => {
    const { login, role } = call.body as MemberBody
    const member = await api.accounts.members.add({ project: project(call), login, role })
    await record(call, api, { action: 'member.add', login, before: null, after: { role } })
    return { status: 201, body: member }
  },

  setRole: async (call, api) => {
    const { role } = call.body as Pick<MemberBody, 'role'>
    const { login = '' } = call.params
    const { before, member } = await api.accounts.members.setRole({ project: project(call), login, role })
    await record(call, api, { action: 'member.set-role', login, before: { role: before }, after: { role } })
    return { body: member }
  },

  removeMember: async (call, api) => {
    const { login = '' } = call.params
    const role = await api.accounts.members.remove(project(call), login)
    await record(call, api, { action: 'member.remove', login, before: { role }, after: null })
    return { status: 204 }
  }
}

function record(
  call: Call,
  { accounts }: ApiOptions,
  { login, ...entry }: { action: string; login: string; before: object | null; after: object | null }
): Promise<void> {
  return accounts.audit({
    actor: call.user.login,
    address: call.address,
    project: project(call),
    target: login,
    ...entry
  })
}
