import pg from 'pg'
import { type AppError, type Logger, type Secret, Shutdown } from '../platform/index.ts'
import { type Address, clientConfig, connect, type Db } from './connect.ts'
import { runningEmbedded, startEmbedded } from './embedded/embedded.ts'
import { unavailable } from './errors.ts'
import { migrate } from './migrate.ts'
import { type Notifier, PostgresNotifier } from './notifier.ts'

export interface Store {
  db: Db
  notifier: Notifier
  /** closes connections, then ends the embedded PostgreSQL; safe to call twice */
  close(): Promise<void>
}

export type StoreOptions = {
  log: Logger
  /** the embedded PostgreSQL ended by itself; a database of one's own is reconnected instead */
  onGone: (error: AppError) => void
} & (
  | {
      /** data folder of the embedded PostgreSQL */
      folder: string
    }
  | { databaseUrl: Secret }
)

const DATABASE = 'faultline'

/**
 * Starts the embedded PostgreSQL or connects to one's own, and brings the tables up to date. Rejects with
 * `store/data-folder-in-use`, `store/no-embedded-database`, `store/unavailable`, `store/newer-database` and others;
 * then nothing is left running.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const shutdown = new Shutdown(options.log)
  try {
    const address = await addressOf(options, shutdown)
    const db = connect(address, options.log)
    shutdown.add('database connections', () => db.destroy())
    await migrate(db)
    const notifier = new PostgresNotifier(address, options.log)
    shutdown.add('notifications', () => notifier.close())
    await notifier.open()
    return { db, notifier, close: () => shutdown.close() }
  } catch (error) {
    await shutdown.close()
    throw error
  }
}

export interface OpenDatabase {
  db: Db
  close(): Promise<void>
}

/**
 * The database as it is: not brought up to date, nobody listens. With `besideServer` the embedded PostgreSQL of a server
 * that runs is used, and left alone. Rejects as `openStore` does.
 */
export async function openDatabase(options: StoreOptions & { besideServer: boolean }): Promise<OpenDatabase> {
  const shutdown = new Shutdown(options.log)
  try {
    const running = options.besideServer && 'folder' in options ? runningEmbedded(options.folder) : null
    const address = running === null ? await addressOf(options, shutdown) : { host: running, database: DATABASE }
    const db = connect(address, options.log)
    shutdown.add('database connections', () => db.destroy())
    return { db, close: () => shutdown.close() }
  } catch (error) {
    await shutdown.close()
    throw error
  }
}

async function addressOf(options: StoreOptions, shutdown: Shutdown): Promise<Address> {
  if ('databaseUrl' in options) return { url: options.databaseUrl }
  const server = await startEmbedded(options)
  shutdown.add('embedded database', () => server.stop())
  await ensureDatabase(server.host)
  return { host: server.host, database: DATABASE }
}

async function ensureDatabase(host: string): Promise<void> {
  const client = new pg.Client(clientConfig({ host, database: 'postgres' }))
  try {
    await client.connect()
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
  } catch (error) {
    throw unavailable(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}
