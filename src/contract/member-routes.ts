import {
  AcceptBody,
  AuditItem,
  AuditQuery,
  CreatedInvitation,
  Invitation,
  InvitationBody,
  LookBody,
  Member,
  MemberBody,
  MemberRoleBody,
  NewPassword,
  ServerAuditQuery,
  User,
  UserBody
} from './member.ts'
import { P, type Route, read } from './route.ts'
import { Page } from './shape.ts'

const M = `${P}/members/:login`
const manageMembers = { action: 'members.manage' } as const

/** Who is in a project, who is on this server, and who changed what. */
export const MEMBER_ROUTES = {
  listMembers: {
    method: 'GET',
    path: `${P}/members`,
    summary: 'Members of the project',
    access: read,
    status: 200,
    response: Page(Member)
  },
  addMember: {
    method: 'POST',
    path: `${P}/members`,
    summary: 'Add a user of this server to the project',
    access: manageMembers,
    body: MemberBody,
    status: 201,
    response: Member
  },
  setRole: {
    method: 'PUT',
    path: M,
    summary: 'Change the role of a member',
    access: manageMembers,
    body: MemberRoleBody,
    status: 200,
    response: Member
  },
  removeMember: {
    method: 'DELETE',
    path: M,
    summary: 'Remove a member; the last owner stays',
    access: manageMembers,
    status: 204,
    response: null
  },
  listAudit: {
    method: 'GET',
    path: `${P}/audit`,
    summary: 'Who changed what, newest first',
    access: { action: 'audit.read' },
    query: AuditQuery,
    status: 200,
    response: Page(AuditItem)
  },
  listServerAudit: {
    method: 'GET',
    path: '/audit',
    summary: 'Who changed what on this server, also what concerns no project; newest first',
    access: 'admin',
    query: ServerAuditQuery,
    status: 200,
    response: Page(AuditItem)
  },

  listUsers: {
    method: 'GET',
    path: '/users',
    summary: 'Users of this server',
    access: 'admin',
    status: 200,
    response: Page(User)
  },
  changeUser: {
    method: 'PUT',
    path: '/users/:login',
    summary:
      'Make a user admin or not, active or not; sessions and tokens of a deactivated one end, the last admin stays, and so does the only owner of a project without newOwner',
    access: 'admin',
    body: UserBody,
    status: 200,
    response: User
  },
  resetPassword: {
    method: 'POST',
    path: '/users/:login/reset-password',
    summary: 'Give a user a new password, to be changed at the next login; shown once',
    access: 'admin',
    status: 200,
    response: NewPassword
  },
  listInvitations: {
    method: 'GET',
    path: '/invitations',
    summary: 'Open invitations',
    access: 'admin',
    status: 200,
    response: Page(Invitation)
  },
  invite: {
    method: 'POST',
    path: '/invitations',
    summary: 'Invite a new user; the link is shown once and works once',
    access: 'admin',
    body: InvitationBody,
    status: 201,
    response: CreatedInvitation
  },
  withdrawInvitation: {
    method: 'DELETE',
    path: '/invitations/:invitation',
    summary: 'Withdraw an invitation',
    access: 'admin',
    status: 204,
    response: null
  },
  lookAtInvitation: {
    method: 'POST',
    path: '/invitations/look',
    summary: 'What an invitation offers, for who has its link',
    access: 'public',
    body: LookBody,
    status: 200,
    response: Invitation
  },
  acceptInvitation: {
    method: 'POST',
    path: '/invitations/accept',
    summary: 'Accept an invitation: choose a password',
    access: 'public',
    body: AcceptBody,
    status: 204,
    response: null
  }
} as const satisfies Record<string, Route>
