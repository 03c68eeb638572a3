import { AppError, type Clock } from '../platform/index.ts'
import { type StopReason, stopReasonOf } from './run-engine.ts'

export interface Limit {
  clock: Clock
  ms: number
  signal: AbortSignal
  /** what was to be done, for the message */
  what: string
}

/**
 * Work under a deadline. Rejects with `engine/deadline` or `engine/stopped` at once, also when the work does not heed
 * its signal; what it does later is ignored.
 */
export async function within<T>(limit: Limit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController()
  const settled = new AbortController()
  const signal = AbortSignal.any([limit.signal, late.signal])
  if (limit.signal.aborted) throw stoppedError(limit.signal)
  try {
    return await Promise.race([
      begin(work, signal),
      stopped(limit.signal, settled.signal),
      timeout(limit, settled.signal)
    ])
  } finally {
    settled.abort()
    late.abort()
  }
}

/** Sleeps, or ends at once when the signal aborts; tells which. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<'over' | 'stopped'> {
  if (signal.aborted) return 'stopped'
  await clock.sleep(Math.max(0, ms), signal).catch(() => undefined)
  return signal.aborted ? 'stopped' : 'over'
}

async function begin<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return work(signal)
}

async function timeout({ clock, ms, what }: Limit, settled: AbortSignal): Promise<never> {
  const slept = await pause(clock, ms, settled)
  if (slept === 'stopped') return new Promise<never>(() => undefined)
  throw new AppError({ code: 'engine/deadline', kind: 'transient', message: `${what} took longer than ${ms} ms` })
}

function stopped(signal: AbortSignal, settled: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(stoppedError(signal)), { once: true, signal: settled })
  })
}

function stoppedError(signal: AbortSignal): AppError {
  return new AppError({ code: 'engine/stopped', kind: 'clash', message: stopReasonOf(signal).text })
}

/** A signal that aborts as a passed deadline, unless `over` has aborted before. */
export function lateAfter(limit: { clock: Clock; ms: number; over: AbortSignal; text: string }): AbortSignal {
  const late = new AbortController()
  void pause(limit.clock, limit.ms, limit.over).then((slept) => {
    if (slept === 'over') late.abort({ kind: 'deadline', text: limit.text } satisfies StopReason)
  })
  return late.signal
}
