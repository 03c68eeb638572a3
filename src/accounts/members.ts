import type { Role } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import { changeMember, findUser, insertMember, type MemberChange } from '../store/accounts/write.ts'
import { type MemberRow, membersOf } from '../store/index.ts'
import type { Desk } from './desk.ts'

export interface MemberWish {
  project: string
  login: string
  role: Role
}

/** Who is in a project. Rejects with `accounts/unknown-login`, `accounts/no-member`, `accounts/member-already`, `accounts/last-owner`. */
export interface Members {
  /** by login */
  list(project: string): Promise<MemberRow[]>
  /** a user who is none yet */
  add(wish: MemberWish): Promise<MemberRow>
  /** answers the role before */
  setRole(wish: MemberWish): Promise<{ before: Role | null; member: MemberRow }>
  /** answers the role that it was; the last owner stays */
  remove(project: string, login: string): Promise<Role | null>
}

export function createMembers(desk: Desk): Members {
  const { db } = desk.store
  return {
    list: (project) => membersOf(db, project),
    add: async ({ project, login, role }) => {
      const user = await userOf(desk, login)
      done(await insertMember(db, { projectId: project, userId: user.id, role }), login)
      return { login, name: user.name, role }
    },
    setRole: async ({ project, login, role }) => {
      const user = await userOf(desk, login)
      const before = done(await changeMember(db, { projectId: project, userId: user.id, role }), login)
      return { before, member: { login, name: user.name, role } }
    },
    remove: async (project, login) => {
      const user = await userOf(desk, login)
      return done(await changeMember(db, { projectId: project, userId: user.id, role: null }), login)
    }
  }
}

async function userOf({ store }: Desk, login: string) {
  const user = await findUser(store.db, { login })
  if (user !== undefined) return user
  const message = `There is no user with the login ${login}. An admin of this server can invite one.`
  throw new AppError({ code: 'accounts/unknown-login', kind: 'missing', message })
}

function done(change: MemberChange, login: string): Role | null {
  if (change.kind === 'done') return change.before
  if (change.kind === 'missing') {
    const message = `${login} is no member of this project.`
    throw new AppError({ code: 'accounts/no-member', kind: 'missing', message })
  }
  if (change.kind === 'member-already') {
    const message = `${login} is a member of this project already; change the role instead.`
    throw new AppError({ code: 'accounts/member-already', kind: 'clash', message })
  }
  const message = `${login} is the last owner of this project. Make somebody else an owner first.`
  throw new AppError({ code: 'accounts/last-owner', kind: 'clash', message })
}
