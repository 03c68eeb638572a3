import type { ProblemItem } from '../../contract/index.ts'

/** What the server refused or could not do, or that it could not be reached; `message` is for people. */
export class ProblemError extends Error {
  /** stable, `room/slug`; `portal/unreachable` where no answer came */
  readonly code: string
  readonly status: number
  /** where the input is wrong */
  readonly problems: readonly ProblemItem[]

  constructor(options: { code: string; status: number; detail: string; problems?: readonly ProblemItem[] }) {
    super(options.detail)
    this.name = 'ProblemError'
    this.code = options.code
    this.status = options.status
    this.problems = options.problems ?? []
  }
}

/** The error's words for people, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ProblemError && error.code === code
}
