import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { backoff, type Clock } from '../../platform/index.ts'
import type { Isolation } from '../isolation.ts'
import type { ContainerView } from '../local.ts'
import { CONTAINER_VARIABLE, kill, reapMarked } from '../reaper.ts'
import type { ContainerSpec } from '../spec/container-spec.ts'
import type { WardenLink } from '../warden-link.ts'
import type { ContainerLog } from './container-log.ts'
import { isGroupStopped } from './process-group.ts'
import { isReady } from './readiness.ts'

const RESTART = { first: 200, factor: 2, cap: 10_000, jitter: 0 }
/** a process that has run for so long begins its back-off anew */
const STEADY_MS = 30_000

export interface ContainerOptions {
  /** in the environment of all its processes, and in no other's */
  mark: string
  /** its own, and the working directory where none is set */
  home: string
  /** init: runs to a good end, once */
  init: boolean
  isolation: Isolation
  warden: WardenLink
  clock: Clock
  log: ContainerLog
  /** as it is to be at a start; `again`: not the first one */
  environment(again: boolean): Promise<Record<string, string>>
  /** by name or number; null = it has no such port */
  port(ref: string | number | null): number | null
  /** its process has ended */
  ended(): void
  /** something about it has changed */
  changed(): void
}

/**
 * One container of a pod: a process group that is started again with back-off whenever it ends.
 *
 *     waiting ──spawn──▶ running ──exit──▶ waiting (back-off)          stop: TERM, grace, KILL ──▶ gone
 *                                   └─ init, 0 ──▶ done
 */
export class Container {
  readonly spec: ContainerSpec
  readonly log: ContainerLog
  readonly #options: ContainerOptions
  readonly #completed = Promise.withResolvers<void>()
  readonly #stopped = Promise.withResolvers<void>()
  /** who has paused the process that runs now */
  readonly #paused = new Set<string>()
  #child: ChildProcess | undefined
  #state: ContainerView['state'] = 'waiting'
  #reason: string | null = null
  #ready = false
  #restarts = 0
  #failures = 0
  #stopping = false
  #timer: NodeJS.Timeout | undefined
  #killTimer: NodeJS.Timeout | undefined

  constructor(spec: ContainerSpec, options: ContainerOptions) {
    this.spec = spec
    this.log = options.log
    this.#options = options
  }

  get ready(): boolean {
    return this.#ready
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  get restarts(): number {
    return this.#restarts
  }

  /** of an init container: it has done its work */
  get completed(): Promise<void> {
    return this.#completed.promise
  }

  view(): ContainerView {
    const { name, image } = this.spec
    return {
      name,
      image,
      init: this.#options.init,
      state: this.#state,
      reason: this.#reason,
      ready: this.#ready,
      restarts: this.#restarts,
      pid: this.pid,
      port: this.#options.init ? null : this.#options.port(null)
    }
  }

  start(): void {
    void this.#run()
  }

  /** To the whole group, as it is when a container gets a signal; none runs: nothing to signal. */
  signal(signal: NodeJS.Signals): void {
    if (this.#child?.pid !== undefined) kill(-this.#child.pid, signal)
  }

  pause(by: string): void {
    if (this.#child === undefined) return
    this.#paused.add(by)
    this.signal('SIGSTOP')
  }

  resume(by: string): void {
    this.#paused.delete(by)
    if (this.#paused.size === 0) this.signal('SIGCONT')
  }

  /** null = no process runs */
  async pauses(): Promise<{ by: string[]; stopped: boolean } | null> {
    const pid = this.#child?.pid
    if (pid === undefined) return null
    const by = [...this.#paused]
    return { by, stopped: (await isGroupStopped(pid)) ?? by.length > 0 }
  }

  /** Resolves when its process has ended; a shorter grace than before counts. */
  stop(graceSeconds: number): Promise<void> {
    const pid = this.#child?.pid
    if (!this.#stopping) {
      this.#stopping = true
      clearTimeout(this.#timer)
      if (pid === undefined) this.#stopped.resolve()
      else if (graceSeconds > 0) kill(-pid, 'SIGTERM')
    }
    if (pid !== undefined) {
      clearTimeout(this.#killTimer)
      this.#killTimer = setTimeout(() => kill(-pid), graceSeconds * 1000)
    }
    return this.#stopped.promise
  }

  async #run(): Promise<void> {
    const { isolation, mark, home, environment } = this.#options
    try {
      const again = this.#restarts > 0
      if (again && !isolation.namespaces) await reapMarked(mark, CONTAINER_VARIABLE)
      const env = await environment(again)
      await mkdir(home, { recursive: true, mode: 0o700 })
      if (!this.#stopping) this.#spawn(env)
    } catch (err) {
      this.#later(`cannot be started: ${(err as Error).message}`)
    }
  }

  #spawn(env: Record<string, string>): void {
    const { isolation, clock, home, mark, log, warden, changed } = this.#options
    const [file = '', ...args] = isolation.wrap(this.spec.command)
    const child = spawn(file, args, {
      cwd: this.spec.workingDir ?? home,
      env: { ...env, [CONTAINER_VARIABLE]: mark },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    const began = clock.now().getTime()
    const said = Promise.all([child.stdout, child.stderr].map((stream) => log.capture(stream)))
    child.on('error', (error) => {
      if (child.pid === undefined) this.#ended(child, { began, how: `cannot be started: ${error.message}`, said })
    })
    child.on('exit', (code, signal) => this.#ended(child, { began, how: `ended with ${signal ?? code}`, said }))
    if (child.pid === undefined) return
    this.#child = child
    this.#state = 'running'
    this.#reason = null
    warden.add(child.pid)
    if (this.spec.readiness === null) this.#ready = true
    else this.#timer = setTimeout(() => void this.#check(child, 0), this.spec.readiness.initialDelayMs)
    changed()
  }

  async #check(child: ChildProcess, failures: number): Promise<void> {
    const { readiness } = this.spec
    if (readiness === null || this.#child !== child) return
    const port = this.#options.port(readiness.port)
    const ready = port !== null && (await isReady(port, readiness))
    if (this.#child !== child || this.#stopping) return
    const failed = ready ? 0 : failures + 1
    if (ready) this.#setReady(true)
    else if (failed >= readiness.failureThreshold) this.#setReady(false)
    this.#timer = setTimeout(() => void this.#check(child, failed), readiness.periodMs)
  }

  #ended(child: ChildProcess, { began, how, said }: { began: number; how: string; said: Promise<unknown> }): void {
    const { warden, clock, init, log } = this.#options
    if (child.pid !== undefined) {
      // whatever the main process has left in its group goes with it
      kill(-child.pid)
      warden.delete(child.pid)
    }
    if (this.#child === child) this.#child = undefined
    void said.then(() => log.write([how]))
    this.#paused.clear()
    clearTimeout(this.#timer)
    this.#options.ended()
    this.#setReady(false)
    if (this.#stopping) {
      clearTimeout(this.#killTimer)
      this.#stopped.resolve()
    } else if (init && child.exitCode === 0) this.#complete()
    else {
      if (clock.now().getTime() - began > STEADY_MS) this.#failures = 0
      this.#restarts += 1
      this.#later(how)
    }
  }

  #complete(): void {
    this.#state = 'done'
    this.#completed.resolve()
    this.#options.changed()
  }

  #later(why: string): void {
    if (this.#stopping) return
    const pause = backoff(this.#failures++, RESTART)
    this.#state = 'waiting'
    this.#reason = `${why}; starts again ${pause / 1000} s later`
    this.#timer = setTimeout(() => void this.#run(), pause)
    this.#options.changed()
  }

  #setReady(ready: boolean): void {
    if (this.#ready === ready) return
    this.#ready = ready
    this.#options.changed()
  }
}
