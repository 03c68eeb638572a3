import { sql } from 'kysely'
import { AppError } from '../../platform/index.ts'
import type { Db, Tx } from '../connect.ts'
import type { Database } from '../schema.ts'
import { inDependencyOrder } from './dependency-order.ts'

/** A table as the database has it now; types come from its own catalogue and from nowhere else. */
export interface OwnTable {
  name: string
  /** without what the database computes by itself; `type` as PostgreSQL writes it in a cast */
  columns: readonly { name: string; type: string; isIdentity: boolean }[]
  /** tables that its foreign keys point to */
  references: readonly string[]
}

/** Total by its type: a new table cannot be forgotten. What else is in the schema is not ours and is left alone. */
const OWN: Record<keyof Database, true> = {
  users: true,
  sessions: true,
  projects: true,
  members: true,
  infrastructures: true,
  infrastructureGrants: true,
  agentKeys: true,
  apiTokens: true,
  invitations: true,
  audit: true,
  gitopsSettings: true,
  syncState: true,
  definitions: true,
  revisions: true,
  files: true,
  editRequests: true,
  withheld: true,
  passes: true,
  runRequests: true,
  runs: true,
  steps: true,
  facts: true,
  stops: true,
  approvals: true,
  guardrails: true,
  killSwitches: true,
  serverKillSwitch: true,
  schedules: true,
  observations: true,
  workloadChanges: true,
  decisions: true,
  hooks: true,
  hookEvents: true
}

const NAMES: readonly string[] = Object.keys(OWN).map((key) =>
  key.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`)
)

/** Our tables that exist, each after the ones that it refers to. */
export async function ownTables(db: Db | Tx): Promise<OwnTable[]> {
  const [columns, references] = [await columnsOf(db), await referencesOf(db)]
  const tables = [...Map.groupBy(columns, ({ table }) => table)].map(([name, own]) => ({
    name,
    columns: own.map(({ column, type, isIdentity }) => ({ name: column, type, isIdentity })),
    references: references.filter(({ table }) => table === name).map(({ target }) => target)
  }))
  return inDependencyOrder(tables)
}

/** Names of the migrations that were done, oldest first. */
export async function migrationsDone(db: Db | Tx): Promise<string[]> {
  const table = await sql<{ found: boolean }>`select to_regclass('kysely_migration') is not null as found`.execute(db)
  if (table.rows[0]?.found !== true) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map(({ name }) => name)
}

export function unknownMigrations(what: string, unknown: readonly string[]): AppError {
  return new AppError({
    code: 'store/newer-database',
    kind: 'stalled',
    message: `${what} is of a newer release (it has ${unknown.join(', ')}). Use that release, or a newer one.`,
    details: { unknown }
  })
}

interface Column {
  table: string
  column: string
  type: string
  isIdentity: boolean
}

async function columnsOf(db: Db | Tx): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as "type",
      a.attidentity <> '' as "isIdentity"
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname = any(${NAMES})
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by c.relname, a.attnum`.execute(db.withoutPlugins())
  return rows
}

async function referencesOf(db: Db | Tx): Promise<{ table: string; target: string }[]> {
  const { rows } = await sql<{ table: string; target: string }>`
    select c.relname as "table", t.relname as "target"
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and c.relnamespace = current_schema()::regnamespace`.execute(db.withoutPlugins())
  return rows
}
