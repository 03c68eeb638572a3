import { AppError } from '../platform/index.ts'

export interface Lifetime {
  /** resolves with the exit code when the process is to end */
  ended: Promise<number>
  /** ends it because of an error of ours */
  fail(error: AppError): void
}

/**
 * When a long-running command ends: at SIGINT, SIGTERM or SIGHUP, when something it cannot do without is gone, or, with
 * `withParent`, when its standard input ends, as it does when whoever started it is killed.
 */
export function lifetime(options: { withParent: boolean }): Lifetime {
  const { promise, resolve } = Promise.withResolvers<number>()
  // on, not once: npm hands on what its whole process group got, and a second signal would cut the ending off
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(0))
  // with a reader that is gone a line is lost; what is under way must still be ended in order
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  if (options.withParent) {
    process.stdin.on('end', () => resolve(0)).on('error', () => resolve(0))
    process.stdin.resume()
    // an open pipe would keep the process alive after it has closed everything
    void promise.then(() => process.stdin.destroy())
  }
  return {
    ended: promise,
    fail: (error) => {
      process.stderr.write(`faultline: ${error.message}\n`)
      resolve(1)
    }
  }
}

/** One sentence for people; the stack only for what is a bug of ours. */
export function describe(error: unknown): string {
  if (error instanceof AppError && error.kind !== 'bug') return `faultline: ${error.message}`
  return `faultline: an error of Faultline: ${error instanceof Error ? error.stack : String(error)}`
}
