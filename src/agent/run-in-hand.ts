import { LOST_SERVER_SECONDS, RENEW_SECONDS } from '../contract/index.ts'
import type { FactBody } from '../domain/index.ts'
import type { EngineTask, RunEngine, StopReason } from '../engine/index.ts'
import { type Clock, type Logger, Loop, type Secret, toAppError } from '../platform/index.ts'
import { ApprovalBook } from './approval-book.ts'
import type { FactLog } from './fact-log.ts'
import { FactPoster } from './fact-poster.ts'
import { narrowedGuardrails } from './own-guardrails.ts'
import type { ServerLink } from './server-link.ts'

const RENEW_RETRY_MS = 2000

export interface RunParts {
  folder: string
  server: ServerLink
  key: () => Promise<Secret>
  engine: RunEngine
  clock: Clock
  log: Logger
}

/** One run that this agent holds: its lease, its facts, and, unless it is a leftover, its execution. */
export class RunInHand {
  readonly facts: FactLog
  readonly #parts: RunParts
  readonly #stop = new AbortController()
  readonly #poster: FactPoster
  readonly #renewing: Loop
  readonly #approvals = new ApprovalBook()
  #renewedAt: number
  #executed: Promise<void> = Promise.resolve()
  #gone: Promise<void> | undefined

  constructor(parts: RunParts, facts: FactLog) {
    const { clock } = parts
    this.#parts = parts
    this.facts = facts
    this.#poster = new FactPoster({ ...parts, facts })
    this.#renewedAt = clock.now().getTime()
    this.#renewing = new Loop({ turn: () => this.#renew(), onError: (error) => this.#notRenewed(error), clock })
  }

  /** executes the task */
  begin(task: EngineTask): void {
    this.#executed = this.#execute(task)
    this.report()
  }

  /** keeps the lease and posts the facts */
  report(): void {
    this.#poster.start()
    this.#renewing.start()
  }

  /** the server has all facts of the ended run, or wants none any more, and what this agent kept of it is gone */
  over(): Promise<void> {
    this.#gone ??= this.#letGo()
    return this.#gone
  }

  async #letGo(): Promise<void> {
    if ((await this.#poster.over) === 'lost') {
      this.#parts.log.warn({ run: this.facts.run }, 'the server gave the run away, or it is over; letting go')
      this.stop({ kind: 'lease-lost', text: 'the server has given the run away' })
    }
    await this.#executed
    await this.close()
    await this.facts.remove()
  }

  emit(body: FactBody): void {
    this.facts.append(body)
    this.#poster.wake()
  }

  stop(reason: StopReason): void {
    this.#stop.abort(reason)
  }

  /** the execution is over, its harm recovered */
  async settled(): Promise<void> {
    await this.#executed
  }

  /** there is nothing more to say before its agent ends: it is over, or it goes on without one */
  told(): Promise<void> {
    return this.facts.ended ? this.over() : this.#poster.sent()
  }

  /** the server has news of the run */
  renewNow(): void {
    this.#renewing.wake()
  }

  async close(): Promise<void> {
    await Promise.all([this.#renewing.stop(), this.#poster.stop()])
    await this.facts.sync()
    this.facts.close()
  }

  async #execute({ run, plan, guardrails: given, told }: EngineTask): Promise<void> {
    const { engine, folder } = this.#parts
    const emit = (body: FactBody) => this.emit(body)
    try {
      const guardrails = await narrowedGuardrails(folder, given)
      await engine.run({ run, plan, guardrails, told }, { signal: this.#stop.signal, emit, approvals: this.#approvals })
    } catch (error) {
      emit({ type: 'run-phase', phase: 'error', reason: toAppError(error).message.slice(0, 2000) })
    }
  }

  async #renew(): Promise<number> {
    const { server, key, clock } = this.#parts
    const { state, stop, approvals } = await server.renew(await key(), this.facts.run, this.facts.lease)
    if (state === 'lost') this.stop({ kind: 'lease-lost', text: 'the server has given the run away' })
    else this.#renewedAt = clock.now().getTime()
    if (stop !== null) this.stop({ kind: 'stop', text: stop })
    else if (state === 'held') this.#approvals.tell(approvals)
    return RENEW_SECONDS * 1000
  }

  #notRenewed(error: unknown): number {
    const { log, clock } = this.#parts
    const away = clock.now().getTime() - this.#renewedAt
    log.warn({ run: this.facts.run, awayMs: away, err: error }, 'the lease could not be renewed; trying again')
    if (away >= LOST_SERVER_SECONDS * 1000 && !this.facts.waits) {
      const text = `the server was not heard of for ${LOST_SERVER_SECONDS} s, so the harm was ended`
      this.stop({ kind: 'lease-lost', text })
    }
    return RENEW_RETRY_MS
  }
}
