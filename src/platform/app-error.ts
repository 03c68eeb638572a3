/**
 * What happens next decides the kind:
 * - `invalid`: the caller's input is wrong; changing the input mends it
 * - `missing`: the thing named does not exist (or must not be seen)
 * - `denied`: who asks may not do this
 * - `clash`: the state moved on; read again, then decide
 * - `stalled`: a person must act somewhere else (a credential, a setting, an approval); do not retry
 * - `transient`: it may work later; retry with backoff
 * - `bug`: our fault
 */
export type ErrorKind = 'invalid' | 'missing' | 'denied' | 'clash' | 'stalled' | 'transient' | 'bug'

export type ErrorDetails = Readonly<Record<string, unknown>>

export interface AppErrorOptions {
  /** stable, `room/slug`, for example `git/unreachable` */
  code: string
  kind: ErrorKind
  /** for people: what happened, where, what to do; never a secret */
  message: string
  /** safe data for clients and logs */
  details?: ErrorDetails
  cause?: unknown
}

/** The one error class of the product; its code is stable and documented, its message is for people. */
export class AppError extends Error {
  readonly code: string
  readonly kind: ErrorKind
  readonly details: ErrorDetails

  constructor(options: AppErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = options.code
    this.kind = options.kind
    this.details = options.details ?? {}
  }
}

/** Any thrown value as an AppError; what is not one is a bug of ours, and keeps its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError({
    code: 'platform/unexpected',
    kind: 'bug',
    message,
    cause: thrown
  })
}
