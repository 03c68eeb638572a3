import { type AppError, toAppError } from '../platform/index.ts'
import type { GitRemote } from './git.ts'
import { remoteKey } from './remote-key.ts'
import { parseRepositoryUrl } from './repository-url.ts'
import type { Transport } from './transport.ts'

/** more than this are not remembered: the oldest go first */
const MAX_PAUSES = 10_000

/**
 * A host that asks for a pause gets it: until then nothing is sent there with this credential, whoever asks, and whoever
 * asks is told what the host said.
 */
export class HostPauses {
  readonly #pauses = new Map<string, { until: number; error: AppError }>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  around(remote: GitRemote, transport: Transport): Transport {
    const polite = async <T>(work: () => Promise<T>) => {
      const { origin } = parseRepositoryUrl(remote.url)
      return this.#polite(remoteKey({ ...remote, url: origin }), work)
    }
    return {
      ...transport,
      refs: (prefix, signal) => polite(() => transport.refs(prefix, signal)),
      requirePush: () => polite(() => transport.requirePush()),
      within: (work) => polite(() => transport.within(work))
    }
  }

  async #polite<T>(key: string, work: () => Promise<T>): Promise<T> {
    const pause = this.#pauses.get(key)
    if (pause !== undefined && this.#now() < pause.until) throw pause.error
    this.#pauses.delete(key)
    try {
      return await work()
    } catch (thrown) {
      this.#note(key, toAppError(thrown))
      throw thrown
    }
  }

  #note(key: string, error: AppError): void {
    const { retryAt } = error.details
    if (typeof retryAt !== 'string') return
    this.#pauses.set(key, { until: Date.parse(retryAt), error })
    const [oldest] = this.#pauses.keys()
    if (this.#pauses.size > MAX_PAUSES && oldest !== undefined) this.#pauses.delete(oldest)
  }
}
