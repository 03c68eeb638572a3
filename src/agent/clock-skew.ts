import type { Clock, Logger } from '../platform/index.ts'

const SKEW_MS = 60_000

/**
 * Reads the server's time off its answers (`date` header). Times of runs and changes are the agent's: a clock that is wrong
 * is told in the log, once until it is right again.
 */
export function skewWatch({ clock, log }: { clock: Clock; log: Logger }): (date: string | null) => void {
  let told = false
  return (date) => {
    const aheadMs = clock.now().getTime() - Date.parse(date ?? '')
    if (Number.isNaN(aheadMs)) return
    const wrong = Math.abs(aheadMs) >= SKEW_MS
    if (wrong && !told) {
      const differs = "the clock of this machine differs from the server's, and times of runs would be wrong: set it"
      log.warn({ aheadSeconds: Math.round(aheadMs / 1000) }, differs)
    }
    told = wrong
  }
}
