import type { Clock } from '../../platform/index.ts'

/** of a step that has ended: its ChaosEngine is being stopped, or its result is on its way */
const STOPPING_MS = 180_000
const RESULT_MS = 15_000
/** then a Workflow that was told to stop is told to end at once, and then it is not waited for any more */
const TERMINATE_MS = 60_000
const PAST_STOP_MS = 240_000
/** no controller has looked at the Workflow: first it is said, then the run is given up */
const UNTAKEN_MS = 30_000
const GIVEN_UP_MS = 600_000
/** nothing could be seen, or done */
const BLIND_MS = 300_000

/** A step whose fault is not judged although it has ended; `active`: its ChaosEngine has not. */
export interface Awaited {
  step: string
  active: boolean
}

/** How long one run waits for what others have to do. It begins anew with whoever goes on with the run. */
export class Patience {
  readonly #clock: Clock
  readonly #since = new Map<string, number>()
  #awaited: readonly Awaited[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  awaits(awaited: readonly Awaited[]): void {
    this.#awaited = awaited
    for (const { step } of awaited) this.#begin(`step ${step}`)
  }

  isLate(step: string): boolean {
    const active = this.#awaited.some((one) => one.step === step && one.active)
    return this.#lasts(`step ${step}`, active ? STOPPING_MS : RESULT_MS)
  }

  /** the Workflow is to end; how */
  stops(): 'stop' | 'terminate' {
    this.#begin('stop')
    return this.#lasts('stop', TERMINATE_MS) ? 'terminate' : 'stop'
  }

  isPastStop(): boolean {
    return this.#lasts('stop', PAST_STOP_MS)
  }

  /** `said` after half a minute, `given-up` after ten */
  untaken(): 'soon' | 'said' | 'given-up' {
    this.#begin('untaken')
    if (this.#lasts('untaken', GIVEN_UP_MS)) return 'given-up'
    return this.#lasts('untaken', UNTAKEN_MS) ? 'said' : 'soon'
  }

  sees(): void {
    this.#since.delete('blind')
  }

  /** a look failed; true: for too long */
  fails(): boolean {
    this.#begin('blind')
    return this.#lasts('blind', BLIND_MS)
  }

  #begin(what: string): void {
    if (!this.#since.has(what)) this.#since.set(what, this.#clock.now().getTime())
  }

  #lasts(what: string, ms: number): boolean {
    const since = this.#since.get(what)
    return since !== undefined && this.#clock.now().getTime() - since >= ms
  }
}
