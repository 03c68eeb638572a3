import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../platform/index.ts'

const LOOK_EVERY_MS = 100

/** Looks until `look` finds something; gives up with a sentence that says what was waited for, at once when it is hopeless. */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T | undefined | false>,
  isHopeless: () => boolean = () => false
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  let last: unknown
  while (Date.now() < deadline && !isHopeless()) {
    try {
      const found = await look()
      if (found !== undefined && found !== false) return found
    } catch (error) {
      last = error
    }
    await sleep(LOOK_EVERY_MS)
  }
  const reason = last instanceof Error ? ` (last: ${last.message})` : ''
  throw new AppError({
    code: 'demo/not-seen',
    kind: 'transient',
    message: `Not seen within ${seconds} s: ${what}${reason}`
  })
}
