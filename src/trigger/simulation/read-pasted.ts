import { createHash } from 'node:crypto'
import type { Happening, PastedChange } from '../../domain/index.ts'
import { readPastedChange } from '../../manifest/index.ts'
import { AppError } from '../../platform/index.ts'

/** A change as it was pasted; an AppError says what is wrong with it, line by line. */
export function readPasted(pasted: PastedChange, paths: readonly string[]): Happening {
  const result = readPastedChange(pasted, { paths, hash })
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

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
