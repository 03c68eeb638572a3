import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError, Secret } from '../../platform/index.ts'
import { type ArchiveCount, type ArchiveHead, FORMAT, LONGEST_LINE } from './archive.ts'

/** Opens the file anew: it is read once to judge it, and once to load it. */
export type OpenArchive = () => Readable

export type ArchivePart =
  | ({ kind: 'head' } & ArchiveHead)
  | { kind: 'table'; name: string; columns: readonly string[] }
  /** `text` is a JSON array of as many texts and nulls as the table has columns */
  | { kind: 'row'; text: string }
  | ({ kind: 'end' } & ArchiveCount)

const LF = 0x0a
const NAME = /^[a-z][a-z0-9_]{0,62}$/
const MOST_NAMES = 1000

/**
 * The parts of a backup in their order, with its sums proved by the time of `end`. Everything in it is hostile until then,
 * and its names stay so. Rejects with `store/bad-backup`, which says at which line.
 */
export async function* readArchive(open: OpenArchive): AsyncGenerator<ArchivePart> {
  const hash = createHash('sha256')
  const reader = new PartReader()
  let end: ArchivePart | null = null
  for await (const line of linesOf(open)) {
    const part = reader.read(line.toString('utf8'))
    if (part?.kind === 'end') end = part
    else {
      hash.update(line).update('\n')
      if (part !== null) yield part
    }
  }
  if (end === null) throw reader.bad('it is cut off')
  if (reader.sha256 !== hash.digest('hex')) throw reader.bad('its checksum is wrong: it was changed or damaged')
  yield end
}

/** What line comes after which, and that the counts are right. */
class PartReader {
  sha256 = ''
  #line = 0
  #width: number | null = null
  #hasHead = false
  #tables = 0
  #rows = 0
  #rowsBefore = 0

  read(text: string): ArchivePart | null {
    this.#line++
    const value = this.#parse(text)
    if (this.sha256 !== '') throw this.bad('something follows after its end')
    if (!this.#hasHead) return this.#head(value)
    if (Array.isArray(value)) return this.#row(value, text)
    if ('table' in value) return this.#table(value)
    return 'sha256' in value ? this.#end(value) : this.#tableEnd(value)
  }

  bad(reason: string): AppError {
    return badBackup(`${reason} (line ${this.#line})`)
  }

  #parse(text: string): Record<string, unknown> | unknown[] {
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
    } catch {
      // said below, like any other line that is none of ours
    }
    throw this.bad('a line is not what a backup has')
  }

  #head(value: Record<string, unknown> | unknown[]): ArchivePart {
    if (Array.isArray(value) || value.faultline !== 'backup') throw this.bad('it has not the head of a backup')
    if (value.format !== FORMAT) throw this.bad(`its format is ${String(value.format)}, this release reads ${FORMAT}`)
    const { migrations, release, madeAt, secretKey } = value
    const isKey = secretKey === undefined || typeof secretKey === 'string'
    if (!isNames(migrations, /^\d{4}-[a-z0-9-]{1,80}$/) || !isText(release) || !isText(madeAt) || !isKey)
      throw this.bad('its head is not complete')
    this.#hasHead = true
    return { kind: 'head', migrations, release, madeAt, secretKey: isText(secretKey) ? new Secret(secretKey) : null }
  }

  #table({ table, columns }: Record<string, unknown>): ArchivePart {
    if (this.#width !== null || !isText(table) || !NAME.test(table) || !isNames(columns, NAME))
      throw this.bad('the head of a table is not right')
    this.#width = columns.length
    this.#rowsBefore = this.#rows
    this.#tables++
    return { kind: 'table', name: table, columns }
  }

  #row(values: readonly unknown[], text: string): ArchivePart {
    const isRow = values.length === this.#width && values.every((one) => one === null || typeof one === 'string')
    if (!isRow) throw this.bad('a row does not fit its table')
    this.#rows++
    return { kind: 'row', text }
  }

  #tableEnd({ rows }: Record<string, unknown>): null {
    if (this.#width === null || rows !== this.#rows - this.#rowsBefore) throw this.bad('a table is not complete')
    this.#width = null
    return null
  }

  #end({ tables, rows, sha256 }: Record<string, unknown>): ArchivePart {
    if (this.#width !== null || tables !== this.#tables || rows !== this.#rows || !isText(sha256) || sha256 === '')
      throw this.bad('it is not complete')
    this.sha256 = sha256
    return { kind: 'end', tables, rows }
  }
}

async function* linesOf(open: OpenArchive): AsyncGenerator<Buffer> {
  const source = open()
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  let rest: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      let from = 0
      for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, at)])
        rest = []
        length = 0
        from = at + 1
      }
      rest.push(chunk.subarray(from))
      length += chunk.length - from
      if (length > LONGEST_LINE) throw badBackup('a line is too long')
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw badBackup(error instanceof Error ? error.message : String(error), error)
  } finally {
    source.destroy()
  }
  if (length > 0) throw badBackup('it is cut off')
}

export function badBackup(reason: string, cause?: unknown): AppError {
  const message = `This is not a backup that can be restored: ${reason}. Nothing was changed.`
  return new AppError({ code: 'store/bad-backup', kind: 'stalled', message, cause })
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 200
}

function isNames(value: unknown, pattern: RegExp): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= MOST_NAMES &&
    new Set(value).size === value.length &&
    value.every((one) => typeof one === 'string' && pattern.test(one))
  )
}
