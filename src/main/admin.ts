import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createAccounts } from '../accounts/index.ts'
import { systemClock } from '../platform/index.ts'
import { openStore } from '../store/index.ts'
import { quietStore } from './database.ts'
import type { ServerSettings } from './settings.ts'

/** Sets a new random password, to be changed at the next login, and answers it. With the embedded database the server must be stopped. */
export async function resetPassword(settings: ServerSettings, login: string): Promise<string> {
  await mkdir(settings.dataFolder, { recursive: true, mode: 0o700 })
  const options = quietStore(settings)
  const store = await openStore(options)
  try {
    const accounts = createAccounts({
      store,
      clock: systemClock,
      log: options.log,
      passwordFile: join(settings.dataFolder, 'admin-password')
    })
    return (await accounts.resetPassword(login)).reveal()
  } finally {
    await store.close()
  }
}
