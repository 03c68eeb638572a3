import type { Writable } from 'node:stream'
import { sql } from 'kysely'
import { AppError, type Secret } from '../../platform/index.ts'
import type { Db, Tx } from '../connect.ts'
import { isKnownMigration } from '../migrate.ts'
import { snapshot } from '../snapshot.ts'
import { type ArchiveCount, ArchiveWriter } from './archive.ts'
import { migrationsDone, type OwnTable, ownTables, unknownMigrations } from './own-tables.ts'

export interface DumpOptions {
  /** where it goes; ended when all is written */
  sink: Writable
  release: string
  now: Date
  /** put into the backup: whoever has it can then open every stored credential */
  secretKey: Secret | null
  /** called now and then with what is written so far */
  onProgress: (table: string, rows: number) => void
}

const ROWS_AT_ONCE = 100

/**
 * Writes all our tables as they are at one moment, while servers go on working. Takes memory for a hundred rows.
 * Rejects with `store/nothing-to-back-up`, `store/newer-database`.
 */
export async function dump(db: Db, options: DumpOptions): Promise<ArchiveCount> {
  return snapshot(db, async (tx) => {
    await readInPeace(tx)
    const migrations = await migrationsDone(tx)
    if (migrations.length === 0) throw nothingThere()
    const unknown = migrations.filter((name) => !isKnownMigration(name))
    if (unknown.length > 0) throw unknownMigrations('The database', unknown)
    const archive = new ArchiveWriter(options.sink)
    const { release, now, secretKey } = options
    await archive.head({ migrations, release, madeAt: now.toISOString(), secretKey })
    for (const table of await ownTables(tx)) await dumpTable(tx, table, { archive, options })
    return archive.end()
  })
}

/** A slow disk may take its time, and texts are the same whatever the database's own settings are. */
async function readInPeace(tx: Tx): Promise<void> {
  for (const [name, value] of Object.entries(PLAIN_TEXTS)) {
    await sql`select set_config(${name}, ${value}, true)`.execute(tx)
  }
}

export const PLAIN_TEXTS = {
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1'
}

async function dumpTable(
  tx: Tx,
  { name, columns }: OwnTable,
  { archive, options }: { archive: ArchiveWriter; options: DumpOptions }
): Promise<void> {
  const texts = sql.join(columns.map((column) => sql`${sql.ref(column.name)}::text`))
  const plain = tx.withoutPlugins()
  await archive.table(
    name,
    columns.map((column) => column.name)
  )
  await sql`declare backup no scroll cursor for
    select array_to_json(array[${texts}])::text as "text" from ${sql.table(name)}`.execute(plain)
  let rows = 0
  for (;;) {
    const found = await sql<{ text: string }>`fetch ${sql.lit(ROWS_AT_ONCE)} from backup`.execute(plain)
    for (const { text } of found.rows) await archive.row(text)
    rows += found.rows.length
    options.onProgress(name, rows)
    if (found.rows.length < ROWS_AT_ONCE) break
  }
  await sql`close backup`.execute(plain)
  await archive.tableEnd()
}

function nothingThere(): AppError {
  const message = 'There is nothing to back up: no server has used this database yet.'
  return new AppError({ code: 'store/nothing-to-back-up', kind: 'stalled', message })
}
