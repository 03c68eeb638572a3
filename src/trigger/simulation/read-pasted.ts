import { createHash } from 'node:crypto'
import { Script } from 'node:vm'
import type { Happening, PastedChange } from '../../domain/index.ts'
import { type PastedResult, readPastedChange } from '../../manifest/index.ts'
import { AppError } from '../../platform/index.ts'

/**
 * A few manifests take a few ms. Expressions (JMESPath) of any member are applied to a text of any member: some make of
 * a short text a value without end, and the server serves others meanwhile.
 */
const DEADLINE_MS = 100
const READ = new Script('read()')

/** A change as it was pasted; an AppError says what is wrong with it, line by line. */
export function readPasted(pasted: PastedChange, paths: readonly string[]): Happening {
  const result = inTime(() => readPastedChange(pasted, { paths, hash }))
  if (result.ok) return result.happening
  const [first] = result.problems
  const message = `The manifest ${result.side === 'before' ? 'before' : 'after'} is not read: ${first?.message ?? ''}`
  throw new AppError({
    code: 'trigger/pasted-change',
    kind: 'invalid',
    message,
    details: { side: result.side, problems: result.problems }
  })
}

function inTime(read: () => PastedResult): PastedResult {
  try {
    return READ.runInNewContext({ read }, { timeout: DEADLINE_MS }) as PastedResult
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause
    const message = `These manifests take longer than ${DEADLINE_MS} ms to read with the expressions of the policies; paste less.`
    throw new AppError({ code: 'trigger/pasted-too-slow', kind: 'invalid', message, cause })
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
