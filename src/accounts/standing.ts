import { AppError } from '../platform/index.ts'
import { changeStanding } from '../store/accounts/write.ts'
import type { ListedUser } from '../store/index.ts'
import type { Desk } from './desk.ts'

/** What is left out stays as it is. */
export interface StandingWish {
  isAdmin?: boolean
  /** false: all sessions and API tokens of the user end at once, and signing in is refused */
  active?: boolean
}

/** Makes a user admin or not, active or not; answers both states. */
export async function setStanding(
  desk: Desk,
  login: string,
  { isAdmin, active }: StandingWish
): Promise<{ before: ListedUser; after: ListedUser }> {
  const change = await changeStanding(desk.store.db, login, {
    ...(isAdmin !== undefined && { isAdmin }),
    ...(active !== undefined && { deactivatedAt: active ? null : desk.clock.now() })
  })
  if (change.kind === 'done') return change
  if (change.kind === 'missing') {
    const message = `There is no user with the login ${login}.`
    throw new AppError({ code: 'accounts/unknown-login', kind: 'missing', message })
  }
  const message = `${login} is the last admin of this server. Make somebody else an admin first.`
  throw new AppError({ code: 'accounts/last-admin', kind: 'clash', message })
}
