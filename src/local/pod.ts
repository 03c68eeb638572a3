import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { backoff, type Clock, type Logger } from '../platform/index.ts'
import type { Isolation } from './isolation.ts'
import type { PodStorage } from './load/pod-load.ts'
import type { PodView } from './local.ts'
import type { PodSpec } from './object-spec.ts'
import { isGroupStopped } from './process-group.ts'
import { isReady } from './readiness.ts'
import { kill, MARK_VARIABLE, POD_VARIABLE, reapMarked } from './reaper.ts'
import type { WardenLink } from './warden-link.ts'

const RESTART = { first: 200, factor: 2, cap: 10_000, jitter: 0 }
/** a pod that has run for so long begins its back-off anew */
const STEADY_MS = 30_000
const LOG_LINES = 1000
const LONGEST_LINE = 2000

export interface PodKit {
  folder: string
  baseEnv: Readonly<Record<string, string>>
  mark: string
  isolation: Isolation
  warden: WardenLink
  clock: Clock
  log: Logger
  /** addresses of the namespace's services, as Kubernetes puts them into the environment */
  serviceEnv(namespace: string): Record<string, string>
  /** the process of a pod has ended */
  ended(podUid: string): void
  /** something about the pod has changed */
  changed(): void
}

export interface PodIdentity {
  namespace: string
  name: string
  workload: PodView['workload']
  /** of the template it was made from */
  templateHash: string
}

/**
 * One pod: a process group that is started again with back-off whenever it ends, until the pod is deleted.
 *
 *     waiting ──spawn──▶ running ──exit──▶ waiting (back-off)          delete: TERM, grace, KILL ──▶ gone
 */
export class Pod {
  readonly uid = randomBytes(13).toString('hex')
  readonly identity: PodIdentity
  readonly spec: PodSpec
  readonly #kit: PodKit
  readonly #startedAt: Date
  readonly #lines: string[] = []
  readonly #deleted = Promise.withResolvers<void>()
  /** who has paused the process that runs now */
  readonly #paused = new Set<string>()
  #child: ChildProcess | undefined
  #port: number | null = null
  #ready = false
  #restarts = 0
  #failures = 0
  #terminating = false
  #timer: NodeJS.Timeout | undefined
  #killTimer: NodeJS.Timeout | undefined

  constructor(identity: PodIdentity, spec: PodSpec, kit: PodKit) {
    this.identity = identity
    this.spec = spec
    this.#kit = kit
    this.#startedAt = kit.clock.now()
    void this.#run()
  }

  get ready(): boolean {
    return this.#ready && !this.#terminating
  }

  get terminating(): boolean {
    return this.#terminating
  }

  get port(): number | null {
    return this.#port
  }

  view(): PodView {
    return {
      uid: this.uid,
      namespace: this.identity.namespace,
      name: this.identity.name,
      labels: this.spec.labels,
      workload: this.identity.workload,
      phase: this.#terminating ? 'terminating' : this.#child === undefined ? 'waiting' : 'running',
      ready: this.ready,
      restarts: this.#restarts,
      pid: this.#child?.pid ?? null,
      port: this.#port,
      images: { [this.spec.container.name]: this.spec.container.image },
      startedAt: this.#startedAt.toISOString()
    }
  }

  get #home(): string {
    return join(this.#kit.folder, 'pods', this.identity.namespace, this.identity.name)
  }

  /** what it may fill, and where */
  get storage(): PodStorage {
    return { folder: this.#home, limitBytes: this.spec.ephemeralStorageBytes }
  }

  logs(): string[] {
    return [...this.#lines]
  }

  /** To the whole group, as it is when a container gets a signal; none runs: nothing to signal. */
  signal(signal: NodeJS.Signals): void {
    if (this.#child?.pid !== undefined) kill(-this.#child.pid, signal)
  }

  pause(by: string): void {
    this.#paused.add(by)
    this.signal('SIGSTOP')
  }

  resume(by: string): void {
    this.#paused.delete(by)
    if (this.#paused.size === 0) this.signal('SIGCONT')
  }

  async pauses(): Promise<{ by: string[]; stopped: boolean }> {
    const by = [...this.#paused]
    const pid = this.#child?.pid
    const stopped = pid === undefined ? false : ((await isGroupStopped(pid)) ?? by.length > 0)
    return { by, stopped }
  }

  /** Resolves when no process of the pod is left. */
  delete(graceSeconds: number): Promise<void> {
    const pid = this.#child?.pid
    if (!this.#terminating) {
      this.#terminating = true
      clearTimeout(this.#timer)
      if (pid === undefined) void this.#gone()
      else if (graceSeconds > 0) kill(-pid, 'SIGTERM')
      this.#kit.changed()
    }
    if (pid !== undefined) {
      clearTimeout(this.#killTimer)
      this.#killTimer = setTimeout(() => kill(-pid), graceSeconds * 1000)
    }
    return this.#deleted.promise
  }

  async #run(): Promise<void> {
    try {
      if (this.#restarts > 0 && !this.#kit.isolation.namespaces) await reapMarked(this.uid, POD_VARIABLE)
      this.#port = await freePort()
      await mkdir(this.#home, { recursive: true, mode: 0o700 })
      if (!this.#terminating) this.#spawn(this.#home, this.#port)
    } catch (err) {
      this.#say(`the pod cannot be started: ${(err as Error).message}`)
      this.#later()
    }
  }

  #spawn(home: string, port: number): void {
    const { command, workingDir } = this.spec.container
    const [file = '', ...args] = this.#kit.isolation.wrap(command)
    const child = spawn(file, args, {
      cwd: workingDir ?? home,
      env: this.#environment(home, port),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    const began = this.#kit.clock.now().getTime()
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => this.#say(chunk.toString('utf8')))
    child.on('error', (error) => {
      this.#say(`the pod cannot be started: ${error.message}`)
      if (child.pid === undefined) this.#ended(child, began)
    })
    child.on('exit', (code, signal) => {
      this.#say(`ended with ${signal ?? code}`)
      this.#ended(child, began)
    })
    if (child.pid === undefined) return
    this.#child = child
    this.#kit.warden.add(child.pid)
    if (this.spec.readiness === null) this.#setReady(true)
    else this.#timer = setTimeout(() => void this.#check(child, 0), this.spec.readiness.initialDelayMs)
    this.#kit.changed()
  }

  async #check(child: ChildProcess, failures: number): Promise<void> {
    const { readiness } = this.spec
    if (readiness === null || this.#child !== child || this.#port === null) return
    const ready = await isReady(this.#port, readiness)
    if (this.#child !== child || this.#terminating) return
    const failed = ready ? 0 : failures + 1
    if (ready) this.#setReady(true)
    else if (failed >= readiness.failureThreshold) this.#setReady(false)
    this.#timer = setTimeout(() => void this.#check(child, failed), readiness.periodMs)
  }

  #ended(child: ChildProcess, began: number): void {
    if (child.pid !== undefined) {
      // whatever the main process has left in its group goes with it
      kill(-child.pid)
      this.#kit.warden.delete(child.pid)
    }
    if (this.#child === child) this.#child = undefined
    this.#paused.clear()
    this.#kit.ended(this.uid)
    this.#setReady(false)
    clearTimeout(this.#timer)
    if (this.#terminating) {
      clearTimeout(this.#killTimer)
      void this.#gone()
      return
    }
    if (this.#kit.clock.now().getTime() - began > STEADY_MS) this.#failures = 0
    this.#restarts += 1
    this.#later()
    this.#kit.changed()
  }

  /** Without a namespace a process that has left the group is still there: it is found by the pod's own mark. */
  async #gone(): Promise<void> {
    if (!this.#kit.isolation.namespaces) await reapMarked(this.uid, POD_VARIABLE)
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined)
    this.#deleted.resolve()
    this.#kit.changed()
  }

  #later(): void {
    if (this.#terminating) return
    this.#timer = setTimeout(() => void this.#run(), backoff(this.#failures++, RESTART))
  }

  #setReady(ready: boolean): void {
    if (this.#ready === ready) return
    this.#ready = ready
    this.#kit.changed()
  }

  #say(text: string): void {
    const lines = text.split('\n').filter((line) => line !== '')
    this.#lines.push(...lines.map((line) => line.slice(0, LONGEST_LINE)))
    if (this.#lines.length > LOG_LINES) this.#lines.splice(0, this.#lines.length - LOG_LINES)
  }

  #environment(home: string, port: number): Record<string, string> {
    return {
      ...this.#kit.baseEnv,
      ...this.#kit.serviceEnv(this.identity.namespace),
      ...this.spec.container.env,
      HOME: home,
      PORT: String(port),
      POD_NAME: this.identity.name,
      POD_NAMESPACE: this.identity.namespace,
      POD_IP: '127.0.0.1',
      FAULTLINE_IMAGE: this.spec.container.image,
      [MARK_VARIABLE]: this.#kit.mark,
      [POD_VARIABLE]: this.uid
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
