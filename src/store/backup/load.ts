import { sql } from 'kysely'
import { AppError } from '../../platform/index.ts'
import type { Tx } from '../connect.ts'
import type { ArchiveCount } from './archive.ts'
import { type OwnTable, ownTables } from './own-tables.ts'
import { type ArchivePart, badBackup } from './read-archive.ts'

const ROWS_AT_ONCE = 500
const BATCH_CHARACTERS = 4 * 1024 * 1024

export interface LoadOptions {
  /** after the head */
  parts: AsyncGenerator<ArchivePart>
  onProgress: (table: string, rows: number) => void
}

/**
 * Fills the empty tables of this transaction. A name in the backup only ever chooses among the names that the catalogue
 * has; types and statements come from the catalogue alone.
 */
export async function loadTables(tx: Tx, { parts, onProgress }: LoadOptions): Promise<ArchiveCount> {
  const left = new Map((await ownTables(tx)).map((table) => [table.name, table]))
  let batch: Batch | undefined
  for await (const part of parts) {
    if (part.kind === 'row') await batch?.add(part.text)
    else {
      await batch?.flush()
      if (part.kind === 'end') {
        await continueIdentities(tx)
        return part
      }
      if (part.kind === 'table') batch = new Batch(tx, { table: take(left, part), columns: part.columns, onProgress })
    }
  }
  throw badBackup('it is cut off')
}

/** Each table once, with exactly its columns. */
function take(left: Map<string, OwnTable>, part: { name: string; columns: readonly string[] }): OwnTable {
  const table = left.get(part.name)
  left.delete(part.name)
  if (table === undefined) throw badBackup(`${part.name} is no table of that release, or it comes twice`)
  const known = new Set(table.columns.map(({ name }) => name))
  if (part.columns.length !== known.size || part.columns.some((name) => !known.has(name)))
    throw badBackup(`${part.name} has not the columns that it had in that release`)
  return table
}

class Batch {
  readonly #tx: Tx
  readonly #table: OwnTable
  readonly #columns: readonly string[]
  readonly #onProgress: (table: string, rows: number) => void
  #rows: string[] = []
  #characters = 0
  #done = 0

  constructor(
    tx: Tx,
    {
      table,
      columns,
      onProgress
    }: { table: OwnTable; columns: readonly string[]; onProgress: LoadOptions['onProgress'] }
  ) {
    this.#tx = tx.withoutPlugins()
    this.#table = table
    this.#columns = columns
    this.#onProgress = onProgress
  }

  async add(row: string): Promise<void> {
    this.#rows.push(row)
    this.#characters += row.length
    if (this.#rows.length >= ROWS_AT_ONCE || this.#characters >= BATCH_CHARACTERS) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#rows.length === 0) return
    await this.#insert().catch((error: unknown) => Promise.reject(refused(this.#table.name, error)))
    this.#done += this.#rows.length
    this.#rows = []
    this.#characters = 0
    this.#onProgress(this.#table.name, this.#done)
  }

  async #insert(): Promise<void> {
    const columns = this.#columns.flatMap((name) => this.#table.columns.find((column) => column.name === name) ?? [])
    const values = columns.map(({ type }, index) => sql`(r.v->>${sql.lit(index)})::${sql.raw(type)}`)
    const names = columns.map(({ name }) => sql.ref(name))
    await sql`insert into ${sql.table(this.#table.name)} (${sql.join(names)}) overriding system value
      select ${sql.join(values)} from json_array_elements(${`[${this.#rows.join(',')}]`}::json) as r(v)`.execute(
      this.#tx
    )
  }
}

/** What the database does not take was not written by `dump`; anything else, such as a full disk, is said as it is. */
function refused(table: string, error: unknown): unknown {
  const isRefusal = error instanceof AppError && ['store/query-failed', 'store/conflict'].includes(error.code)
  return isRefusal ? badBackup(`the rows of ${table} were refused (${error.message})`, error) : error
}

/** The next number comes after the largest one. */
async function continueIdentities(tx: Tx): Promise<void> {
  for (const { name, columns } of await ownTables(tx)) {
    for (const column of columns.filter(({ isIdentity }) => isIdentity)) {
      await sql`select setval(pg_get_serial_sequence(${name}, ${column.name}), max(${sql.ref(column.name)}))
        from ${sql.table(name)}`.execute(tx.withoutPlugins())
    }
  }
}
