import { rename, rm, writeFile } from 'node:fs/promises'
import { AppError, newId, type Secret } from '../platform/index.ts'
import { deleteSessionsOf, findUser, hasUsers, insertUser, setPassword } from '../store/accounts/write.ts'
import { transaction } from '../store/index.ts'
import type { Desk } from './desk.ts'
import { hashPassword, newPassword } from './password.ts'

/**
 * Makes the first user where there is none. The file is written before the user: after a crash in between the next
 * start makes both anew, so there is never a user whose password nobody knows.
 */
export async function ensureAdmin(desk: Desk, mustChangePassword: boolean): Promise<{ created: boolean }> {
  if (await hasUsers(desk.store.db)) return { created: false }
  const password = newPassword()
  await writePrivate(desk.passwordFile, password)
  const now = desk.clock.now()
  const created = await insertUser(desk.store.db, {
    id: newId(now),
    login: desk.adminLogin,
    name: 'Admin',
    email: null,
    passwordHash: await hashPassword(password),
    mustChangePassword,
    isAdmin: true,
    createdAt: now
  })
  // another server on the same database was quicker: the file would tell a wrong password
  if (!created) await rm(desk.passwordFile, { force: true })
  else
    desk.log.info(
      { login: desk.adminLogin, file: desk.passwordFile },
      'the first user was made; its password is in the file'
    )
  return { created }
}

/** A new random password, to be changed at the next login; all sessions of the user end. */
export async function resetPassword(desk: Desk, login: string): Promise<Secret> {
  const user = await findUser(desk.store.db, { login })
  if (user === undefined) {
    throw new AppError({
      code: 'accounts/unknown-login',
      kind: 'missing',
      message: `There is no user with the login ${login}.`
    })
  }
  const password = newPassword()
  const passwordHash = await hashPassword(password)
  await transaction(desk.store.db, async (tx) => {
    await setPassword(tx, user.id, { passwordHash, mustChangePassword: true })
    await deleteSessionsOf(tx, user.id, null)
  })
  if (login === desk.adminLogin) await rm(desk.passwordFile, { force: true })
  return password
}

async function writePrivate(file: string, password: Secret): Promise<void> {
  const draft = `${file}.new`
  await rm(draft, { force: true })
  await writeFile(draft, `${password.reveal()}\n`, { mode: 0o600, flag: 'wx' })
  await rename(draft, file)
}
