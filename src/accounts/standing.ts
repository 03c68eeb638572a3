import { AppError } from '../platform/index.ts'
import { changeStanding, findUser } from '../store/accounts/write.ts'
import type { ListedUser } from '../store/index.ts'
import type { Desk } from './desk.ts'

/** What is left out stays as it is. */
export interface StandingWish {
  isAdmin?: boolean
  /** false: all sessions and API tokens of the user end at once, and signing in is refused */
  active?: boolean
  /** login of who becomes an owner of the projects that a deactivated user leaves without one */
  newOwner?: string
}

export interface ChangedStanding {
  before: ListedUser
  after: ListedUser
  /** projects that the new owner became an owner of */
  inherited: string[]
}

/** Makes a user admin or not, active or not; answers both states. */
export async function setStanding(
  desk: Desk,
  login: string,
  { isAdmin, active, newOwner }: StandingWish
): Promise<ChangedStanding> {
  const successorId = newOwner === undefined ? null : await successorOf(desk, login, newOwner)
  const change = {
    ...(isAdmin !== undefined && { isAdmin }),
    ...(active !== undefined && { deactivatedAt: active ? null : desk.clock.now() })
  }
  const done = await changeStanding(desk.store.db, { login, change, successorId })
  if (done.kind === 'done') return done
  if (done.kind === 'missing') throw unknownLogin(login)
  if (done.kind === 'last-admin') {
    const message = `${login} is the last admin of this server. Make somebody else an admin first.`
    throw new AppError({ code: 'accounts/last-admin', kind: 'clash', message })
  }
  const { projects } = done
  const message = `${login} is the only owner of ${projects.join(', ')}. Say who becomes an owner there (newOwner), or make somebody an owner first.`
  throw new AppError({ code: 'accounts/only-owner', kind: 'clash', message, details: { projects } })
}

async function successorOf({ store }: Desk, login: string, newOwner: string): Promise<string> {
  const user = await findUser(store.db, { login: newOwner })
  if (user === undefined) throw unknownLogin(newOwner)
  if (user.login !== login && user.deactivatedAt === null) return user.id
  const message = `${newOwner} is deactivated, or about to be: name somebody else as the new owner.`
  throw new AppError({ code: 'accounts/bad-new-owner', kind: 'clash', message })
}

function unknownLogin(login: string): AppError {
  const message = `There is no user with the login ${login}.`
  return new AppError({ code: 'accounts/unknown-login', kind: 'missing', message })
}
