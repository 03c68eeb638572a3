import type { Users } from '../accounts/index.ts'
import type { Invitation, InvitationBody, User, UserBody } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { iso } from './view-run.ts'

const DEFAULT_DAYS = 7

export const userRoutes: Handlers<
  | 'listUsers'
  | 'changeUser'
  | 'resetPassword'
  | 'listInvitations'
  | 'invite'
  | 'withdrawInvitation'
  | 'lookAtInvitation'
  | 'acceptInvitation'
> = {
  listUsers: async (_call, { accounts }) => {
    const users = await accounts.users.list()
    return { body: { items: users.map(userView), next: null } }
  },

  changeUser: async (call, api) => {
    const { login = '' } = call.params
    const wish = call.body as UserBody
    const { before, after, inherited } = await api.accounts.users.setStanding(login, wish)
    await api.accounts.audit({
      actor: call.user.login,
      address: call.address,
      action: 'user.change',
      project: null,
      target: login,
      before: standing(before),
      after: standing(after)
    })
    for (const inheritedProject of inherited) {
      await api.accounts.audit({
        actor: call.user.login,
        address: call.address,
        action: 'member.inherit',
        project: inheritedProject,
        target: wish.newOwner ?? '',
        before: null,
        after: { role: 'owner', insteadOf: login }
      })
    }
    return { body: userView(after) }
  },

  resetPassword: async (call, api) => {
    const { login = '' } = call.params
    const password = await api.accounts.users.resetPassword(login)
    await keep(call, api, { actor: call.user.login, action: 'user.reset-password', target: login })
    return { body: { password: password.reveal() } }
  },

  listInvitations: async (_call, { accounts }) => ({
    body: { items: (await accounts.users.invitations()).map(invitationView), next: null }
  }),

  invite: async (call, api) => {
    const { login, name, email = null, membership = null, days = DEFAULT_DAYS } = call.body as InvitationBody
    if (membership !== null) await requireOwner(call, api, membership.project)
    const invitedBy = call.user.login
    const made = await api.accounts.users.invite({ login, name, email, membership, invitedBy, days })
    const invitation = invitationView(made.invitation)
    await keep(call, api, { actor: invitedBy, action: 'user.invite', target: login, after: invitation })
    const link = new URL(`/invitation#${made.token.reveal()}`, api.publicUrl).href
    return { status: 201, body: { invitation, link } }
  },

  withdrawInvitation: async (call, api) => {
    const withdrawn = invitationView(await api.accounts.users.withdraw(call.params.invitation ?? ''))
    await keep(call, api, {
      actor: call.user.login,
      action: 'user.withdraw',
      target: withdrawn.login,
      before: withdrawn
    })
    return { status: 204 }
  },

  lookAtInvitation: async (call, { accounts }) => {
    const { token } = call.body as { token: string }
    return { body: invitationView(await accounts.users.look(token)) }
  },

  acceptInvitation: async (call, api) => {
    const { token, password } = call.body as { token: string; password: string }
    const accepted = invitationView(await api.accounts.users.accept(token, password))
    await keep(call, api, { actor: accepted.login, action: 'user.accept', target: accepted.login, after: accepted })
    return { status: 204 }
  }
}

/** An admin makes users; who is in a project its owners say. */
async function requireOwner(call: Call, { accounts }: ApiOptions, project: string): Promise<void> {
  const role = await accounts.roleOf(call.user.id, project)
  if (role !== null && accounts.may(role, 'members.manage')) return
  const message = `There is no project ${project}, or you are not an owner of it.`
  throw new AppError({ code: 'api/unknown-project', kind: 'missing', message })
}

type ListedUser = Awaited<ReturnType<Users['list']>>[number]

function userView({ login, name, email, isAdmin, createdAt, deactivatedAt }: ListedUser): User {
  const times = { createdAt: createdAt.toISOString(), deactivatedAt: iso(deactivatedAt) }
  return { login, name, email, isAdmin, ...times }
}

function standing({ isAdmin, deactivatedAt }: ListedUser) {
  return { isAdmin, active: deactivatedAt === null }
}

function invitationView(row: Awaited<ReturnType<Users['withdraw']>>): Invitation {
  const { id, login, name, email, projectId, role, invitedBy, createdAt, expiresAt } = row
  const membership = projectId === null || role === null ? null : { project: projectId, role }
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() }
  return { id, login, name, email, membership, invitedBy, ...times }
}

function keep(
  { address }: Call,
  { accounts }: ApiOptions,
  entry: { actor: string; action: string; target: string; before?: Invitation; after?: Invitation }
): Promise<void> {
  const project = (entry.after ?? entry.before)?.membership?.project ?? null
  return accounts.audit({ before: null, after: null, address, ...entry, project })
}
