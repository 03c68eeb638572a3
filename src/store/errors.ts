import { AppError } from '../platform/index.ts'

/** SQLSTATE classes and codes by what the caller can do. */
const UNIQUE_VIOLATION = '23505'
const TRY_AGAIN = new Set(['40001', '40P01', '55P03'])
const TIMED_OUT = '57014'
const DISK_FULL = '53100'
const UNAVAILABLE = /^(08|53|57P|58)/
const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH'
])
const NOT_CONNECTED =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|not queryable|connection error/i

/**
 * - `store/conflict` (clash): a row with this key exists; `details.constraint` names the rule
 * - `store/busy`, `store/timeout`, `store/disk-full`, `store/unavailable` (transient)
 * - `store/query-failed` (bug): the statement is wrong
 * The values of a statement are in none of them.
 */
export function toStoreError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const code = fieldOf(error, 'code')
  if (code === UNIQUE_VIOLATION) return conflict(error)
  if (code !== undefined && TRY_AGAIN.has(code)) {
    return storeError(error, {
      code: 'store/busy',
      kind: 'transient',
      message: 'The database was busy with the same rows. Try again.'
    })
  }
  if (code === TIMED_OUT) {
    return storeError(error, {
      code: 'store/timeout',
      kind: 'transient',
      message: 'The database took too long to answer. Try again.'
    })
  }
  if (code === DISK_FULL) {
    return storeError(error, {
      code: 'store/disk-full',
      kind: 'transient',
      message:
        'The disk of the database is full: this was not stored, and what was stored before is there. Make room where PostgreSQL keeps its data, and try again.'
    })
  }
  if (isUnavailable(error, code)) return unavailable(error)
  return storeError(error, {
    code: 'store/query-failed',
    kind: 'bug',
    message: `The database refused a statement: ${error instanceof Error ? error.message : String(error)}`
  })
}

export function unavailable(error: unknown): AppError {
  return storeError(error, {
    code: 'store/unavailable',
    kind: 'transient',
    message: `The database cannot be reached (${error instanceof Error ? error.message : String(error)}). Check that PostgreSQL runs.`
  })
}

function isUnavailable(error: unknown, code: string | undefined): boolean {
  if (code !== undefined) return UNAVAILABLE.test(code) || SOCKET_ERRORS.has(code)
  return error instanceof Error && NOT_CONNECTED.test(error.message)
}

function conflict(error: unknown): AppError {
  return new AppError({
    code: 'store/conflict',
    kind: 'clash',
    message: 'Something with this name or key exists already.',
    details: { constraint: fieldOf(error, 'constraint') ?? null, table: fieldOf(error, 'table') ?? null },
    cause: error
  })
}

function storeError(cause: unknown, options: { code: string; kind: 'transient' | 'bug'; message: string }): AppError {
  return new AppError({ ...options, cause })
}

function fieldOf(error: unknown, name: string): string | undefined {
  const value = error instanceof Error ? (error as unknown as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' ? value : undefined
}
