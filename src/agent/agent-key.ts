import { type AppError, type Logger, Loop, type Secret, toAppError } from '../platform/index.ts'
import { type CredentialsOptions, forgetKey, type KeptKey, obtainKey, renewKey } from './credentials.ts'

const LIFE_MS = 24 * 60 * 60 * 1000
const RETRY_MS = 60_000

export interface AgentKeyOptions extends CredentialsOptions {
  log: Logger
  /** the agent ends */
  closing: AbortSignal
  /** told when no key can be had until a person has acted */
  onGone: (error: AppError) => void
}

/** The key that the agent shows to the server. It is obtained by whoever needs it first, and changed once a day. */
export class AgentKey {
  readonly #options: AgentKeyOptions
  readonly #renewing: Loop
  #known: Promise<KeptKey> | undefined

  constructor(options: AgentKeyOptions) {
    this.#options = options
    this.#renewing = new Loop({
      clock: options.clock,
      turn: () => this.#renew(),
      onError: (error) => {
        options.log.warn({ err: error }, "the agent's key could not be renewed; trying again")
        return RETRY_MS
      }
    })
  }

  start(): void {
    this.#renewing.start()
  }

  stop(): Promise<void> {
    return this.#renewing.stop()
  }

  /** A failure is tried again by the next who asks. */
  async current(): Promise<Secret> {
    return (await this.#kept()).key
  }

  /** The server says that this key has ended: false where the agent has another one by now. */
  async ended(key: Secret): Promise<boolean> {
    const kept = await this.#kept()
    if (kept.key !== key) return false
    await forgetKey(this.#options.keys, kept)
    return true
  }

  #kept(): Promise<KeptKey> {
    const { closing, onGone } = this.#options
    this.#known ??= obtainKey(this.#options, closing).catch((thrown: unknown) => {
      this.#known = undefined
      const error = toAppError(thrown)
      if (error.kind !== 'transient') onGone(error)
      throw error
    })
    return this.#known
  }

  async #renew(): Promise<number> {
    const kept = await this.#kept()
    const ageMs = this.#options.clock.now().getTime() - kept.since
    // younger than now: the clock was set back, and says nothing
    if (ageMs >= 0 && ageMs < LIFE_MS) return LIFE_MS - ageMs
    this.#known = Promise.resolve(await renewKey(this.#options, kept))
    this.#options.log.info("the agent's key was renewed")
    return LIFE_MS
  }
}
