import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, createLogger, Redactor } from '../platform/index.ts'
import type { StoreOptions } from '../store/index.ts'
import type { ServerSettings } from './settings.ts'

/** Where the server's database is. */
export function databasePlace({ databaseUrl, dataFolder }: ServerSettings) {
  return databaseUrl ? { databaseUrl } : { folder: join(dataFolder, 'database') }
}

/** For a command that ends by itself: it prints no log, and ends when the database does. */
export function quietStore(settings: ServerSettings): StoreOptions {
  const log = createLogger({ level: 'silent', redactor: new Redactor() })
  return { log, onGone: () => undefined, ...databasePlace(settings) }
}

/** A wrong folder would be filled with a new, empty database. */
export function requireDatabase({ databaseUrl, dataFolder }: ServerSettings): void {
  if (databaseUrl !== null || existsSync(join(dataFolder, 'database', 'postgres'))) return
  const message = `There is no database in ${dataFolder}. Give FAULTLINE_DATA_FOLDER or FAULTLINE_DATABASE_URL as the server has it.`
  throw new AppError({ code: 'main/no-database', kind: 'invalid', message })
}
