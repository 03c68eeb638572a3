import {
  CamelCasePlugin,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type Transaction
} from 'kysely'
import pg from 'pg'
import type { Logger, Secret } from '../platform/index.ts'
import { toStoreError } from './errors.ts'
import type { Database } from './schema.ts'

export type Db = Kysely<Database>
export type Tx = Transaction<Database>

/** Where the database is: the folder of a Unix socket and a name, or a URL, which may hold a password. */
export type Address = { host: string; database: string } | { url: Secret }

const POOL_SIZE = 12
const CONNECT_MS = 5_000
const STATEMENT_MS = 15_000
const IDLE_TRANSACTION_MS = 60_000
const INT8 = 20

/** Lost connections are replaced; all errors are `store/…` AppErrors. Closed by `db.destroy()`. */
export function connect(address: Address, log: Logger): Db {
  const pool = new pg.Pool({
    ...clientConfig(address),
    max: POOL_SIZE,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS
  })
  // without a listener a lost connection would end the process; whoever uses it sees its query rejected
  const lost = (err: Error) => log.debug({ err }, 'a database connection was lost')
  pool.on('error', lost)
  pool.on('connect', (client) => client.on('error', lost))
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool: withStoreErrors(pool) }),
    // JSON is data: its keys stay as they are
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })]
  })
}

/** What a connection of any kind is made from. */
export function clientConfig(address: Address): pg.ClientConfig {
  const place =
    'url' in address
      ? { connectionString: address.url.reveal() }
      : { host: address.host, database: address.database, user: 'faultline' }
  return {
    ...place,
    application_name: 'faultline',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: { getTypeParser: numericParser }
  }
}

/** Counts and identities fit a number: a bigint column is read as one. */
const numericParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text')

function withStoreErrors(pool: pg.Pool): PostgresPool {
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect().catch(rethrow)
      const known = wrapped.get(client) ?? wrap(client)
      wrapped.set(client, known)
      return known
    }
  }
}

function wrap(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, values: unknown[]) => client.query(text, values).catch(rethrow)
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy?: boolean) => client.release(destroy)
  }
}

function rethrow(error: unknown): never {
  throw toStoreError(error)
}
