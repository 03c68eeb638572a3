export interface BackoffOptions {
  /** first delay in ms */
  first: number
  factor: number
  /** upper limit in ms, before jitter */
  cap: number
  /** share of the delay that is random, 0 to 1 */
  jitter: number
  random?: () => number
}

/**
 * Delay in ms before try number `attempt` (0 = the first retry): `min(cap, first × factor^attempt)`, of which the
 * share `jitter` is random. With first 1000, factor 1.5, cap 30000 and no jitter: 1000, 1500, 2250, 3375, 5063, …
 */
export function backoff(attempt: number, options: BackoffOptions): number {
  const random = options.random ?? Math.random
  const full = Math.min(options.cap, options.first * options.factor ** attempt)
  return Math.round(full * (1 - options.jitter + options.jitter * random()))
}
