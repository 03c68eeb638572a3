/** One breach of a rule of the house. */
export interface Violation {
  rule: string
  /** from the root of the repository */
  path: string
  line?: number
  message: string
}

export function print(violations: readonly Violation[]): void {
  for (const { rule, path, line, message } of violations)
    process.stderr.write(`${path}${line === undefined ? '' : `:${line}`}  ${rule}: ${message}\n`)
}
