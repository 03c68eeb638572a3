import { sql } from 'kysely'
import { AppError } from '../../platform/index.ts'
import type { Db, Tx } from '../connect.ts'
import { isKnownMigration, migrate } from '../migrate.ts'
import type { ArchiveCount, ArchiveHead } from './archive.ts'
import { PLAIN_TEXTS } from './dump.ts'
import { loadTables } from './load.ts'
import { migrationsDone, ownTables, unknownMigrations } from './own-tables.ts'
import { badBackup, type OpenArchive, readArchive } from './read-archive.ts'

export interface RestoreOptions {
  archive: OpenArchive
  /** throw away what the database has */
  replace: boolean
  /** every project's kill switch is on afterwards; null: what was due since the backup may start at once */
  killSwitch: { reason: string; now: Date } | null
  onProgress: (table: string, rows: number) => void
}

/** Reads the whole file and proves its sums; touches nothing. Rejects with `store/bad-backup`, `store/newer-database`. */
export async function judgeArchive(archive: OpenArchive): Promise<ArchiveHead & ArchiveCount> {
  let head: ArchiveHead | undefined
  for await (const part of readArchive(archive)) {
    if (part.kind === 'head') {
      head = part
      assertKnown(part.migrations)
    }
    if (part.kind === 'end' && head !== undefined) return { ...head, tables: part.tables, rows: part.rows }
  }
  throw badBackup('it is cut off')
}

/**
 * Puts a backup in place of the database's content, in one transaction: it is there as a whole or not at all. Tables are
 * made as they were when it was written, filled, then brought up to date. Rejects with `store/database-in-use`,
 * `store/not-empty`, `store/newer-database`, `store/bad-backup`; nothing is changed then.
 */
export async function restore(db: Db, options: RestoreOptions): Promise<ArchiveCount> {
  return db.transaction().execute(async (tx) => {
    for (const [name, value] of Object.entries(PLAIN_TEXTS)) {
      await sql`select set_config(${name}, ${value}, true)`.execute(tx)
    }
    await assertAlone(tx)
    const unknown = (await migrationsDone(tx)).filter((name) => !isKnownMigration(name))
    if (unknown.length > 0) throw unknownMigrations('The database', unknown)
    if (!options.replace) await assertEmpty(tx)
    await dropTables(tx)
    const count = await load(tx, options)
    await migrate(tx)
    if (options.killSwitch !== null) await engageAll(tx, options.killSwitch)
    return count
  })
}

async function load(tx: Tx, { archive, onProgress }: RestoreOptions): Promise<ArchiveCount> {
  const parts = readArchive(archive)
  const { value: head } = await parts.next()
  if (head?.kind !== 'head') throw badBackup('it has not the head of a backup')
  assertKnown(head.migrations)
  await migrate(tx, head.migrations)
  return loadTables(tx, { parts, onProgress })
}

function assertKnown(migrations: readonly string[]): void {
  const unknown = migrations.filter((name) => !isKnownMigration(name))
  if (unknown.length > 0) throw unknownMigrations('The backup', unknown)
  if (migrations.length === 0) throw badBackup('it names no migration')
}

async function assertAlone(tx: Tx): Promise<void> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity
    where datname = current_database() and application_name = 'faultline' and pid <> pg_backend_pid()`.execute(tx)
  if (rows.length === 0) return
  const message = 'A server, or another command, is using the database. Stop every server of it, then restore.'
  throw new AppError({ code: 'store/database-in-use', kind: 'stalled', message })
}

async function assertEmpty(tx: Tx): Promise<void> {
  for (const { name } of await ownTables(tx)) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(tx.withoutPlugins())
    if (rows.length === 0) continue
    const message = `The database is not empty (there is something in ${name}). With --replace it is thrown away.`
    throw new AppError({ code: 'store/not-empty', kind: 'stalled', message })
  }
}

/** No `cascade`: what somebody else has made from our tables stops it. */
async function dropTables(tx: Tx): Promise<void> {
  const names = [...(await ownTables(tx)).map(({ name }) => name), 'kysely_migration', 'kysely_migration_lock']
  await sql`drop table if exists ${sql.join(names.map((name) => sql.table(name)))}`.execute(tx.withoutPlugins())
}

async function engageAll(tx: Tx, { reason, now }: { reason: string; now: Date }): Promise<void> {
  await sql`insert into kill_switches (project_id, reason, engaged_by, engaged_at)
    select id, ${reason}, 'restore', ${now} from projects on conflict (project_id) do nothing`.execute(tx)
}
