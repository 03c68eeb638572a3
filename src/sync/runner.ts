import { readAddress } from '../git/index.ts'
import { backoff, type Clock, Loop, newId, toAppError } from '../platform/index.ts'
import { nextPassDue, type SyncStateRow, settingsOf, syncStateOf } from '../store/index.ts'
import {
  announce,
  type DueProject,
  isLeased,
  knock,
  knockForEdits,
  leaseDue,
  type QuietEnd,
  release,
  releaseQuietly,
  renewLeases
} from '../store/sync/write.ts'
import type { Desk, PassSeen } from './desk.ts'
import { pollEvery, provedBy } from './hook-proof.ts'
import { HostLines, type LineLimits } from './host-lines.ts'
import { DEFAULT_POLL_SECONDS } from './no-settings.ts'
import { stateOf } from './pass-end.ts'
import { failure, recordEnd, type StateEnd } from './record-end.ts'
import { syncProject } from './sync.ts'

/** a slow remote holds one pass, a slow host six, and delays no other project */
const LINES: LineLimits = { all: 48, perHost: 6, waiting: 64, patienceMs: 2_000 }
/** projects leased at once by this server */
const IN_HAND = 500
const LEASE_MS = 15_000
const RENEW_MS = 5_000
const IDLE_MS = 1_000
/** until a project is looked at again whose host has enough passes */
const BUSY_MS = 1_000
/** what becomes due within this time is taken, and what ended quietly is noted, in one statement each */
const TOGETHER_MS = 250
/** notifications may be lost; open edits are looked for by the clock too */
const LOOK_FOR_EDITS_MS = 15_000

/** One project that this server works on. */
interface Order extends DueProject {
  project: string
  lease: string
}

/** Decides which project has its turn: due by the clock, or knocked at. Leases let several servers share the work. */
export class SyncRunner {
  readonly #desk: Desk
  readonly #clock: Clock
  readonly #loop: Loop
  readonly #inHand = new Map<Order, Promise<void>>()
  readonly #hosts = new HostLines(LINES)
  readonly #stopping = new AbortController()
  /** projects that this process has looked at in full: rules may have changed with the release */
  readonly #looked = new Set<string>()
  /** passes that changed nothing; noted at the next turn */
  #quiet: QuietEnd[] = []
  #renewal: NodeJS.Timeout | undefined
  #unsubscribe: (() => void) | undefined
  #lookedForEdits = 0

  constructor(desk: Desk) {
    this.#desk = desk
    this.#clock = desk.clock
    this.#loop = new Loop({
      clock: desk.clock,
      turn: () => this.#turn(),
      onError: (error) => {
        desk.log.warn({ err: error }, 'projects to sync could not be looked for; trying again')
        return IDLE_MS
      }
    })
  }

  start(): void {
    this.#unsubscribe = this.#desk.store.notifier.subscribe('edit', (project) => void this.#onEdit(project))
    this.#renewal = setInterval(() => void this.#renew(), RENEW_MS)
    this.#loop.start()
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.()
    this.#stopping.abort()
    this.#hosts.clear()
    await this.#loop.stop()
    await Promise.all(this.#inHand.values())
    clearInterval(this.#renewal)
    await this.#noteQuiet().catch(() => undefined)
  }

  wake(): void {
    this.#loop.wake()
  }

  async #onEdit(project: string | null): Promise<void> {
    if (project === null) this.#lookedForEdits = 0
    else await knock(this.#desk.store.db, project, this.#clock.now()).catch(() => undefined)
    this.wake()
  }

  async #turn(): Promise<number> {
    const now = this.#clock.now()
    const { db } = this.#desk.store
    await this.#noteQuiet()
    if (now.getTime() - this.#lookedForEdits > LOOK_FOR_EDITS_MS) {
      await knockForEdits(db, now)
      this.#lookedForEdits = now.getTime()
    }
    const limit = IN_HAND - this.#inHand.size
    if (limit <= 0) return TOGETHER_MS
    const lease = newId(now)
    for (const due of await leaseDue(db, { lease, now, until: this.#leaseEnd(), limit }))
      this.#take({ ...due, project: due.state.projectId, lease })
    return this.#untilDue()
  }

  #take(order: Order): void {
    const work = this.#passInTurn(order).finally(() => this.#inHand.delete(order))
    this.#inHand.set(order, work)
  }

  async #passInTurn(order: Order): Promise<void> {
    const { settings } = order
    const host = settings?.enabled ? readAddress(settings.url).origin : ''
    if (!(await this.#hosts.enter(host))) return this.#endQuietly(order, { checkedAt: null, pauseMs: BUSY_MS })
    try {
      await this.#pass(order)
    } finally {
      this.#hosts.leave(host)
    }
  }

  async #untilDue(): Promise<number> {
    if (this.#inHand.size > 0 || this.#quiet.length > 0) return TOGETHER_MS
    const due = await nextPassDue(this.#desk.store.db)
    if (due === null) return IDLE_MS
    return Math.min(IDLE_MS, Math.max(TOGETHER_MS, due.getTime() - this.#clock.now().getTime()))
  }

  /** Never rejects: whatever went wrong is the project's state, or, without a database, the log's. */
  async #pass(order: Order): Promise<void> {
    const { project, lease, state: before } = order
    const { db } = this.#desk.store
    const began = this.#clock.now()
    try {
      const end = await this.#run(order)
      const now = this.#clock.now()
      this.#desk.passEnded({ outcome: outcomeOf(end), seconds: (now.getTime() - began.getTime()) / 1000 })
      if (end === 'unchanged') return this.#endQuietly(order, { checkedAt: now, pauseMs: quietPause(order) })
      if (this.#stopping.signal.aborted) return await release(db, project, { lease, began: NEVER, change: {} })
      if (!(await isLeased(db, project, lease))) return
      await recordEnd(this.#desk, project, { before, end })
      const change = await this.#nextState(project, before, end)
      await release(db, project, { lease, began, change })
      // a knock was answered: people wait to see that
      if (before.knockedAt !== null) await announce(db, project, [])
      this.wake()
    } catch (error) {
      this.#desk.log.warn({ err: error, project }, 'the end of a sync pass could not be stored')
    }
  }

  async #run({ project, lease, settings, state: before }: Order): Promise<StateEnd | 'unchanged'> {
    const full = before.status !== 'ready' || before.knockedAt !== null || !this.#looked.has(project)
    const { signal } = this.#stopping
    try {
      const end = await syncProject(this.#desk, { project, lease, settings, before, full, signal })
      this.#looked.add(project)
      return end.kind === 'unchanged' ? 'unchanged' : stateOf(end)
    } catch (error) {
      return failure(toAppError(error), before)
    }
  }

  #endQuietly({ project, lease }: Order, end: { checkedAt: Date | null; pauseMs: number }): void {
    const nextCheckAt = new Date(this.#clock.now().getTime() + end.pauseMs)
    this.#quiet.push({ projectId: project, lease, checkedAt: end.checkedAt, nextCheckAt })
  }

  async #noteQuiet(): Promise<void> {
    const ends = this.#quiet
    this.#quiet = []
    if (ends.length > 0) await releaseQuietly(this.#desk.store.db, ends)
  }

  async #renew(): Promise<void> {
    const held = [...this.#inHand.keys()].map(({ project, lease }) => ({ projectId: project, lease }))
    if (held.length > 0) await renewLeases(this.#desk.store.db, held, this.#leaseEnd()).catch(() => undefined)
  }

  async #nextState(project: string, before: SyncStateRow | undefined, end: StateEnd) {
    const settings = await settingsOf(this.#desk.store.db, project)
    const now = this.#clock.now()
    const failures = end.failed ? (before?.failures ?? 0) + 1 : 0
    const { status, code, message, cause } = end
    const hookProvedAt = await this.#provedAt(project, before, now)
    const poll = pollEvery(settings?.pollSeconds ?? DEFAULT_POLL_SECONDS, hookProvedAt) * 1000
    const pause = nextPause(poll, { failures, again: end.again })
    const nextCheckAt = new Date(Math.max(now.getTime() + pause, end.retryAt?.getTime() ?? 0))
    return { status, code, message, cause, failures, checkedAt: now, nextCheckAt, hookProvedAt }
  }

  async #provedAt(project: string, before: SyncStateRow | undefined, now: Date): Promise<Date | null> {
    if (before === undefined) return null
    const after = await syncStateOf(this.#desk.store.db, project)
    const moved = before.syncedCommit !== null && after?.syncedCommit !== before.syncedCommit
    return provedBy(before, { moved, now })
  }

  #leaseEnd(): Date {
    return new Date(this.#clock.now().getTime() + LEASE_MS)
  }
}

function outcomeOf(end: StateEnd | 'unchanged'): PassSeen['outcome'] {
  if (end === 'unchanged') return 'ready'
  const { withheld, failed, status } = end
  if (withheld !== null) return 'withheld'
  if (failed) return 'failed'
  return status === 'stalled' ? 'stalled' : 'ready'
}

/** a pass that was interrupted has answered no knock */
const NEVER = new Date(0)
const LONGEST_PAUSE_MS = 300_000

function nextPause(poll: number, { failures, again }: { failures: number; again: boolean }): number {
  if (again) return 0
  if (failures === 0) return poll * (0.9 + 0.2 * Math.random())
  return backoff(failures - 1, { first: 1_000, factor: 2, cap: Math.max(poll, LONGEST_PAUSE_MS), jitter: 0.3 })
}

/** The branch is where it was, so its webhook is as reliable as before. */
function quietPause({ settings, state }: DueProject): number {
  const seconds = pollEvery(settings?.pollSeconds ?? DEFAULT_POLL_SECONDS, state.hookProvedAt)
  return nextPause(seconds * 1000, { failures: 0, again: false })
}
