import { readAddress } from '../git/index.ts'
import { backoff, type Clock, Loop, newId, toAppError } from '../platform/index.ts'
import { nextPassDue, type SyncStateRow, settingsOf, syncStateOf } from '../store/index.ts'
import { announce, isLeased, knock, knockForEdits, leaseDue, release, renewLease } from '../store/sync/write.ts'
import type { Withholding } from './deletion-guard.ts'
import type { Desk, PassSeen } from './desk.ts'
import { pollEvery, provedBy } from './hook-proof.ts'
import { HostLoad } from './host-load.ts'
import { DEFAULT_POLL_SECONDS } from './no-settings.ts'
import { failure, recordEnd, type StateEnd, withheldEnd } from './record-end.ts'
import { type PassEnd, syncProject } from './sync.ts'

/** passes under way at once in this server: a slow remote holds one of them, and delays no other project */
const PARALLEL = 48
const LEASE_MS = 15_000
const RENEW_MS = 5_000
const IDLE_MS = 1_000
/** until a project is looked at again whose host has enough passes */
const BUSY_MS = 1_000
const SOONEST_MS = 20
/** notifications may be lost; open edits are looked for by the clock too */
const LOOK_FOR_EDITS_MS = 15_000

/** Decides which project has its turn: due by the clock, or knocked at. Leases let several servers share the work. */
export class SyncRunner {
  readonly #desk: Desk
  readonly #clock: Clock
  readonly #loop: Loop
  readonly #passes = new Map<string, Promise<void>>()
  readonly #hosts = new HostLoad()
  readonly #stopping = new AbortController()
  /** projects that this process has looked at in full: rules may have changed with the release */
  readonly #looked = new Set<string>()
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
    this.#loop.start()
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.()
    this.#stopping.abort()
    await this.#loop.stop()
    await Promise.all(this.#passes.values())
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
    if (now.getTime() - this.#lookedForEdits > LOOK_FOR_EDITS_MS) {
      await knockForEdits(db, now)
      this.#lookedForEdits = now.getTime()
    }
    const free = PARALLEL - this.#passes.size
    if (free <= 0) return IDLE_MS
    const lease = newId(now)
    for (const project of await leaseDue(db, { lease, now, until: this.#leaseEnd(), limit: free })) {
      const host = await this.#hostOf(project)
      if (this.#hosts.enter(host)) this.#begin(project, { lease, host })
      else
        await release(db, project, { lease, began: NEVER, change: { nextCheckAt: new Date(now.getTime() + BUSY_MS) } })
    }
    return this.#untilDue()
  }

  #begin(project: string, { lease, host }: { lease: string; host: string }): void {
    const pass = this.#pass(project, lease).finally(() => {
      this.#passes.delete(project)
      this.#hosts.leave(host)
      this.wake()
    })
    this.#passes.set(project, pass)
  }

  async #hostOf(project: string): Promise<string> {
    const settings = await settingsOf(this.#desk.store.db, project)
    return settings?.enabled ? readAddress(settings.url).origin : ''
  }

  async #untilDue(): Promise<number> {
    const due = await nextPassDue(this.#desk.store.db)
    if (due === null) return IDLE_MS
    return Math.min(IDLE_MS, Math.max(SOONEST_MS, due.getTime() - this.#clock.now().getTime()))
  }

  /** Never rejects: whatever went wrong is the project's state, or, without a database, the log's. */
  async #pass(project: string, lease: string): Promise<void> {
    const { db } = this.#desk.store
    const began = this.#clock.now()
    const renewal = setInterval(() => {
      renewLease(db, project, { lease, until: this.#leaseEnd() }).catch(() => undefined)
    }, RENEW_MS)
    try {
      const before = await syncStateOf(db, project)
      const end = await this.#run(project, lease, before)
      this.#desk.passEnded({ outcome: outcomeOf(end), seconds: (this.#clock.now().getTime() - began.getTime()) / 1000 })
      if (this.#stopping.signal.aborted) return await release(db, project, { lease, began: NEVER, change: {} })
      if (!(await isLeased(db, project, lease))) return
      await recordEnd(this.#desk, project, { before, end })
      const change = await this.#nextState(project, before, end)
      await release(db, project, { lease, began, change })
      // a knock was answered: people wait to see that
      if (before?.knockedAt != null) await announce(db, project, [])
    } catch (error) {
      this.#desk.log.warn({ err: error, project }, 'the end of a sync pass could not be stored')
    } finally {
      clearInterval(renewal)
    }
  }

  async #run(project: string, lease: string, before: SyncStateRow | undefined): Promise<StateEnd> {
    const full = before?.status !== 'ready' || before.knockedAt !== null || !this.#looked.has(project)
    try {
      const end = await syncProject(this.#desk, { project, lease, full, signal: this.#stopping.signal })
      this.#looked.add(project)
      return stateOf(end)
    } catch (error) {
      return failure(toAppError(error), before)
    }
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

function outcomeOf({ withheld, failed, status }: StateEnd): PassSeen['outcome'] {
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

function stateOf(end: PassEnd): StateEnd {
  const ready: StateEnd = {
    status: 'ready',
    code: null,
    message: null,
    cause: null,
    failed: false,
    again: false,
    reasons: new Map(),
    withheld: null,
    retryAt: null
  }
  if (end.kind === 'off') return ready
  if (end.kind === 'outdated') return { ...ready, again: true }
  if (end.kind === 'withheld') return withheldEnd(end.what)
  const [first] = end.rejections.values()
  if (first === undefined) return end.guarded === null ? ready : { ...ready, ...guardedEnd(end.guarded) }
  const reasons = new Map([...end.rejections].map(([id, error]) => [id, error.message]))
  return {
    ...ready,
    status: 'stalled',
    code: first.code,
    message: first.message,
    cause: 'yours',
    failed: true,
    reasons
  }
}

function guardedEnd({ kind, paths }: Withholding): Pick<StateEnd, 'status' | 'code' | 'message' | 'cause'> {
  const what = kind === 'missing-path' ? 'The folder of the project is gone from git' : 'Many files are gone from git'
  const message = `${what} (${paths.length}). Nothing was deleted here: bring them back, or approve their deletion.`
  return { status: 'stalled', code: 'sync/deletions', message, cause: 'yours' }
}
