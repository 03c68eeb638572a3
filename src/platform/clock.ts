import { setTimeout as wait } from 'node:timers/promises'

/** Time as a dependency, so that tests decide what it is. */
export interface Clock {
  now(): Date
  /** resolves after `ms`; rejects with the signal's reason when aborted */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal })
}
