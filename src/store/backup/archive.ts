import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { AppError, type Secret } from '../../platform/index.ts'

/**
 * A backup is gzipped lines of JSON, so that a person can look into it with `zcat`:
 * the head; for each table `{"table", "columns"}`, one line for each row (an array of texts as PostgreSQL writes them, or
 * null), `{"rows": count}`; at the end `{"tables", "rows", "sha256"}`, the sum of all bytes before it.
 */
export const FORMAT = 1

/** No row of ours comes near it; a reader that takes longer lines could be made to take all memory. */
export const LONGEST_LINE = 64 * 1024 * 1024

export interface ArchiveHead {
  /** migrations that the database had, oldest first */
  migrations: readonly string[]
  /** release that made it */
  release: string
  /** ISO 8601 */
  madeAt: string
  /** the key that credentials are sealed with, as base64; null: it is kept elsewhere */
  secretKey: Secret | null
}

export interface ArchiveCount {
  tables: number
  rows: number
}

/** Writes line by line, as fast as the sink takes it. */
export class ArchiveWriter {
  readonly #gzip = createGzip()
  readonly #hash = createHash('sha256')
  readonly #done: Promise<void>
  #tables = 0
  #rows = 0
  #rowsBefore = 0

  constructor(sink: Writable) {
    this.#gzip.on('error', () => undefined).pipe(sink)
    this.#done = finished(sink)
    // a sink that fails ends what is written into it; whoever waits for `end` is told
    this.#done.catch((error: Error) => this.#gzip.destroy(error))
  }

  head({ secretKey, ...head }: ArchiveHead): Promise<void> {
    const key = secretKey === null ? {} : { secretKey: secretKey.reveal() }
    return this.#line(JSON.stringify({ faultline: 'backup', format: FORMAT, ...head, ...key }))
  }

  async table(name: string, columns: readonly string[]): Promise<void> {
    this.#tables++
    this.#rowsBefore = this.#rows
    await this.#line(JSON.stringify({ table: name, columns }))
  }

  /** a JSON array of texts and nulls */
  async row(text: string): Promise<void> {
    this.#rows++
    await this.#line(text)
  }

  async tableEnd(): Promise<void> {
    await this.#line(JSON.stringify({ rows: this.#rows - this.#rowsBefore }))
  }

  /** Resolves when the sink has taken and kept everything. */
  async end(): Promise<ArchiveCount> {
    const count = { tables: this.#tables, rows: this.#rows }
    this.#gzip.end(`${JSON.stringify({ ...count, sha256: this.#hash.digest('hex') })}\n`)
    await this.#done
    return count
  }

  async #line(text: string): Promise<void> {
    const bytes = Buffer.from(`${text}\n`)
    if (bytes.length > LONGEST_LINE) throw tooLong(bytes.length)
    this.#hash.update(bytes)
    if (!this.#gzip.write(bytes)) await Promise.race([once(this.#gzip, 'drain'), this.#done])
  }
}

function tooLong(length: number): AppError {
  const message = `A row of ${length} bytes is too long for a backup (at most ${LONGEST_LINE}).`
  return new AppError({ code: 'store/row-too-long', kind: 'bug', message })
}
