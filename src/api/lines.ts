import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Answer } from './context.ts'

/** One JSON value for each line. */
export const LINES = 'application/x-ndjson'

/** What work tells, as it tells it. Where it fails before it has told anything, that is the answer, as everywhere. */
export async function asLines<T>(work: (tell: (item: T) => void) => Promise<unknown>): Promise<Answer> {
  const lines = new PassThrough()
  const done = work((item) => void lines.write(`${JSON.stringify(item)}\n`))
  await Promise.race([once(lines, 'readable'), done])
  done.then(
    () => lines.end(),
    (error: Error) => lines.destroy(error)
  )
  return { body: lines, headers: { 'content-type': LINES } }
}
