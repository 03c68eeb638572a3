import { AppError } from '../platform/index.ts'
import type { Call } from './context.ts'

const DEFAULT_LIMIT = 50

export interface PageRequest {
  limit: number
  /** last id of the page before */
  before: string | undefined
}

/** Cursors are opaque to clients: the id that the next page begins after. */
export function pageRequest(call: Call): PageRequest {
  const limit = typeof call.query.limit === 'number' ? call.query.limit : DEFAULT_LIMIT
  const { cursor } = call.query
  if (cursor === undefined) return { limit, before: undefined }
  if (typeof cursor !== 'string' || !/^[\w-]{1,2000}$/.test(cursor)) {
    throw badCursor()
  }
  return { limit, before: cursor }
}

export function badCursor(): AppError {
  const message = 'The cursor is not one of ours; start from the first page.'
  return new AppError({ code: 'api/bad-cursor', kind: 'invalid', message })
}

/** Where a page ends that is sorted by texts: paths have characters that a cursor must not have. */
export function cursorOfText(text: string): string {
  return Buffer.from(text).toString('base64url')
}

export function textOfCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  if (text.includes('\0')) throw badCursor()
  return text
}

/** Rows were read with one more than the limit: the extra one says that there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  options: { limit: number; key: (row: Row) => string; view: (row: Row) => Item }
) {
  const shown = rows.slice(0, options.limit)
  const last = shown.at(-1)
  return {
    items: shown.map(options.view),
    next: rows.length > options.limit && last !== undefined ? options.key(last) : null
  }
}
