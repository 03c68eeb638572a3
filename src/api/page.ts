import { AppError, isId } from '../platform/index.ts'
import type { Call } from './context.ts'

const DEFAULT_LIMIT = 50

export interface PageRequest<Place> {
  limit: number
  /** where the page before ended; undefined = this is the first */
  from: Place | undefined
}

/** How a place in a list is written as a cursor, which clients take as it is; `read`: undefined = it is none of ours. */
export interface CursorForm<Place> {
  write(place: Place): string
  read(cursor: string): Place | undefined
}

/** The one place where cursors are read: a cursor that is none of this list's is refused, never a first or an empty page. */
export function pageRequest<Place>(call: Call, form: CursorForm<Place>): PageRequest<Place> {
  const limit = typeof call.query.limit === 'number' ? call.query.limit : DEFAULT_LIMIT
  const { cursor } = call.query
  if (cursor === undefined) return { limit, from: undefined }
  const from = typeof cursor === 'string' ? form.read(cursor) : undefined
  if (from === undefined) {
    const message = 'The cursor is not one of ours; start from the first page.'
    throw new AppError({ code: 'api/bad-cursor', kind: 'invalid', message })
  }
  return { limit, from }
}

/** Of lists by id: the last one. */
export const idCursor: CursorForm<string> = {
  write: (id) => id,
  read: (cursor) => (isId(cursor) ? cursor : undefined)
}

/** Of lists by number, or counted through. */
export const numberCursor: CursorForm<number> = {
  write: String,
  read: (cursor) => (/^\d{1,9}$/.test(cursor) ? Number(cursor) : undefined)
}

/** Of lists that are sorted by so many texts: they may have characters that an address must not have. */
export function textsCursor(count: number): CursorForm<string[]> {
  return {
    write: (texts) => Buffer.from(JSON.stringify(texts)).toString('base64url'),
    read: (cursor) => {
      const texts = parsed(Buffer.from(cursor, 'base64url').toString('utf8'))
      const whole = Array.isArray(texts) && texts.length === count
      return whole && texts.every((text) => typeof text === 'string' && !text.includes('\0')) ? texts : undefined
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
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
