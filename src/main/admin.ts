import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createAccounts } from '../accounts/index.ts'
import { createLogger, Redactor, systemClock } from '../platform/index.ts'
import { openStore } from '../store/index.ts'
import type { ServerSettings } from './settings.ts'

/** Sets a new random password, to be changed at the next login, and answers it. With the embedded database the server must be stopped. */
export async function resetPassword(settings: ServerSettings, login: string): Promise<string> {
  const log = createLogger({ level: 'silent', redactor: new Redactor() })
  await mkdir(settings.dataFolder, { recursive: true, mode: 0o700 })
  const store = await openStore({
    log,
    onGone: () => undefined,
    ...(settings.databaseUrl
      ? { databaseUrl: settings.databaseUrl }
      : { folder: join(settings.dataFolder, 'database') })
  })
  try {
    const accounts = createAccounts({
      store,
      clock: systemClock,
      log,
      passwordFile: join(settings.dataFolder, 'admin-password')
    })
    return (await accounts.resetPassword(login)).reveal()
  } finally {
    await store.close()
  }
}
