import { AGENT_LEASE, at, textAt } from '../../domain/index.ts'
import { AppError, type Clock, type Logger, Loop, toAppError } from '../../platform/index.ts'
import type { KubeClient } from '../client/kube-client.ts'

/** as client-go's leader election: a holder that could not renew for 10 s has let go when another may take over after 15 s */
const LEASE_SECONDS = 15
const LET_GO_MS = 10_000
const RETRY_MS = 2000
/** a call that hangs leaves time for another */
const CALL_MS = 4000

export interface AgentTurnOptions {
  client: KubeClient
  /** of the agent, where its Lease is */
  namespace: string
  /** of this process, unlike that of any other */
  holder: string
  clock: Clock
  log: Logger
  /** told once: it is another agent's turn, or the API server cannot be asked whose it is */
  onLost: (error: AppError) => void
}

interface Seen {
  holder: string
  renewed: string
  /** our own time: clocks of other machines are not trusted */
  since: number
}

/** Of the agents of one infrastructure one works, and the others stand by: who holds the Lease. */
export class AgentTurn {
  readonly #options: AgentTurnOptions
  readonly #path: string
  readonly #loop: Loop
  readonly #taken = Promise.withResolvers<void>()
  #seen: Seen | null = null
  #held = false
  #renewedAt = 0

  constructor(options: AgentTurnOptions) {
    this.#options = options
    this.#path = `/apis/coordination.k8s.io/v1/namespaces/${options.namespace}/leases/${AGENT_LEASE}`
    this.#loop = new Loop({
      clock: options.clock,
      turn: () => this.#turn(),
      onError: (error) => this.#failed(toAppError(error))
    })
  }

  /** Resolves when it is this agent's turn; from then on it is renewed. Rejects where no retry helps, and when `signal` aborts. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const ended = () => this.#taken.reject(signal.reason)
    signal.addEventListener('abort', ended, { once: true })
    this.#loop.start()
    try {
      await this.#taken.promise
    } finally {
      signal.removeEventListener('abort', ended)
    }
  }

  /** Lets another begin at once. */
  async close(): Promise<void> {
    await this.#loop.stop()
    if (!this.#held) return
    this.#held = false
    const lease = await this.#read()
    if (holderOf(lease) === this.#options.holder) await this.#write(lease, '')
  }

  async #turn(): Promise<number> {
    const { holder, log } = this.#options
    const lease = await this.#read()
    const other = holderOf(lease)
    if (other !== holder && !this.#isFree(lease)) {
      if (this.#held) this.#lose(`${other} has taken over`)
      return RETRY_MS
    }
    const began = this.#options.clock.now().getTime()
    await this.#write(lease, holder)
    this.#renewedAt = began
    if (!this.#held) log.info({ holder }, "it is this agent's turn")
    this.#held = true
    this.#taken.resolve()
    return RETRY_MS
  }

  /** nobody holds it, or who does has not renewed it for as long as it lasts, as far as we saw */
  #isFree(lease: unknown): boolean {
    const { clock, log } = this.#options
    const now = clock.now().getTime()
    const [holder, renewed] = [holderOf(lease), textAt(lease, 'spec', 'renewTime') ?? '']
    if (holder === '') return true
    if (this.#seen?.holder !== holder) log.info({ holder }, 'another agent works; this one stands by')
    if (this.#seen?.holder !== holder || this.#seen.renewed !== renewed) this.#seen = { holder, renewed, since: now }
    const seconds = Number(at(lease, 'spec', 'leaseDurationSeconds') ?? LEASE_SECONDS)
    return now - this.#seen.since >= seconds * 1000
  }

  #failed(error: AppError): number {
    if (error.kind === 'denied' || error.kind === 'stalled') this.#taken.reject(error)
    // somebody else was quicker: looked at again
    if (error.code !== 'cluster/clash')
      this.#options.log.warn({ err: error }, 'whose turn it is could not be asked; trying again')
    if (!this.#held) return RETRY_MS
    const left = this.#leftMs()
    if (left <= 0) this.#lose(error.message)
    return Math.max(0, Math.min(RETRY_MS, left))
  }

  /** until a holder that cannot renew lets go */
  #leftMs(): number {
    return this.#renewedAt + LET_GO_MS - this.#options.clock.now().getTime()
  }

  #lose(why: string): void {
    this.#held = false
    const message = `This agent is not the one that works any more: ${why}. It ends; started again, it stands by.`
    this.#options.onLost(new AppError({ code: 'cluster/turn-lost', kind: 'clash', message }))
  }

  async #read(): Promise<unknown> {
    const { client, namespace } = this.#options
    try {
      return await client.call({ method: 'GET', path: this.#path, signal: this.#deadline() })
    } catch (error) {
      throw toAppError(error).code === 'cluster/missing' ? notThere(namespace) : error
    }
  }

  /** Refused (`cluster/clash`) where somebody else has written since it was read. */
  async #write(lease: unknown, holder: string): Promise<void> {
    const now = this.#options.clock.now().toISOString().replace('Z', '000Z')
    const acquireTime = holderOf(lease) === holder ? textAt(lease, 'spec', 'acquireTime') : now
    const spec = { holderIdentity: holder, leaseDurationSeconds: LEASE_SECONDS, acquireTime, renewTime: now }
    const body = { ...(lease as object), spec }
    await this.#options.client.call({ method: 'PUT', path: this.#path, body, signal: this.#deadline() })
  }

  /** An answer that comes after the holder let go is worth nothing. */
  #deadline(): AbortSignal {
    return AbortSignal.timeout(this.#held ? Math.max(0, Math.min(CALL_MS, this.#leftMs())) : CALL_MS)
  }
}

function holderOf(lease: unknown): string {
  return textAt(lease, 'spec', 'holderIdentity') ?? ''
}

function notThere(namespace: string): AppError {
  const message = `There is no Lease ${AGENT_LEASE} in namespace ${namespace}, by which agents take turns: apply the agent's manifest again.`
  return new AppError({ code: 'cluster/no-lease', kind: 'stalled', message })
}
