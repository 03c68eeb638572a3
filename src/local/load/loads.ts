import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import type { Load, LoadReport } from '../../engine/index.ts'
import { AppError, programFile } from '../../platform/index.ts'
import { kill, MARK_VARIABLE, POD_VARIABLE } from '../reaper.ts'
import type { WardenLink } from '../warden-link.ts'
import { DiskFills } from './disk-fills.ts'
import type { PodLoad, PodStorage } from './pod-load.ts'

const WORKER = programFile('./worker', import.meta.url)
/** so much of the free memory may be taken by all loads together */
const MEMORY_SHARE = 1 / 4
const CORES_LEFT = 1

export interface LoadsOptions {
  mark: string
  warden: WardenLink
  /** of the machine, or of what we may use of it */
  cores?: () => number
  freeBytes?: () => number
  /** what may still be written into a folder */
  diskRoom?: (folder: string) => Promise<number>
}

/** One load and its processes; it is there until the last of them has ended. */
interface Running {
  load: ProcessLoad
  asked: number
  allowed: number
  achieved: Map<ChildProcess, number>
  ended: Promise<void>
}

type ProcessLoad = PodLoad & { load: Exclude<Load, { kind: 'disk' }> }

/**
 * Processes that use up CPU or memory beside a pod's own, one process group each; for the disk a file in its folder. They end with `remove`, with the pod's
 * process, and with the agent: they hang on a pipe of its, the warden knows their groups, and they carry the pod's mark.
 */
export class Loads {
  readonly #options: LoadsOptions
  readonly #running = new Map<string, Running>()
  readonly #fills: DiskFills

  constructor(options: LoadsOptions) {
    this.#options = options
    this.#fills = new DiskFills(options.diskRoom)
  }

  /** Starts what is allowed of it; rejected with `local/no-room` when that is nothing. */
  async add({ load, ...whose }: PodLoad, storage: PodStorage): Promise<void> {
    if (load.kind === 'disk') await this.#fills.add({ load, ...whose }, storage)
    else this.#begin({ load, ...whose })
  }

  #begin(load: ProcessLoad): void {
    if (this.#running.has(load.id)) return
    const { asked, allowed, workers } = load.load.kind === 'cpu' ? this.#cores(load.load) : this.#memory(load.load)
    const children = workers.map((amount) => this.#start(load, amount))
    const achieved = new Map(children.map((child) => [child, 0]))
    const ended = Promise.all(children.map((child) => this.#exit(child))).then(() => void this.#running.delete(load.id))
    for (const child of children)
      if (child.stdout !== null)
        createInterface({ input: child.stdout }).on('line', (line) => achieved.set(child, Number(line) || 0))
    this.#running.set(load.id, { load, asked, allowed, achieved, ended })
  }

  /** Resolves when its processes have ended or its file is gone; one that is not there is fine. */
  async remove(id: string): Promise<void> {
    await this.#fills.remove(id)
    const running = this.#running.get(id)
    if (running === undefined) return
    for (const { pid } of running.achieved.keys()) if (pid !== undefined) kill(-pid)
    await running.ended
  }

  podEnded(uid: string): void {
    this.#fills.podEnded(uid)
    for (const { load } of this.#running.values()) if (load.podUid === uid) void this.remove(load.id)
  }

  async reports(): Promise<(LoadReport & { podUid: string })[]> {
    const running = [...this.#running.values()].map(({ load, asked, allowed, achieved }) => ({
      injection: load.id,
      podUid: load.podUid,
      asked,
      allowed,
      achieved: [...achieved.values()].reduce((sum, value) => sum + value, 0)
    }))
    return [...running, ...(await this.#fills.reports())]
  }

  async close(): Promise<void> {
    await Promise.all([this.#fills.close(), ...[...this.#running.keys()].map((id) => this.remove(id))])
  }

  #cores({ cores, percentage, forced }: Load & { kind: 'cpu' }) {
    const all = this.#options.cores?.() ?? availableParallelism()
    const inUse = this.#inUse('cpu').length
    const most = forced ? Number.POSITIVE_INFINITY : all - CORES_LEFT - inUse
    const wanted = cores === 0 ? (forced ? all : Math.max(1, all - CORES_LEFT)) : cores
    const workers = Math.min(wanted, most)
    if (workers < 1) throw noRoom(`of ${all} cores ${inUse} are loaded already, and ${CORES_LEFT} is left to others`)
    const share = percentage / 100
    return { asked: wanted * share, allowed: workers * share, workers: Array<number>(workers).fill(share) }
  }

  #memory({ bytes, forced }: Load & { kind: 'memory' }) {
    const free = this.#options.freeBytes?.() ?? process.availableMemory()
    const inUse = this.#inUse('memory').reduce((sum, one) => sum + one, 0)
    const most = forced ? Number.POSITIVE_INFINITY : Math.floor((free + inUse) * MEMORY_SHARE) - inUse
    const allowed = Math.min(bytes, most)
    if (allowed < 1) throw noRoom(`loads hold ${inUse} bytes already, a quarter of what was free`)
    return { asked: bytes, allowed, workers: [allowed] }
  }

  /** what each worker of a kind may take */
  #inUse(kind: ProcessLoad['load']['kind']): number[] {
    return [...this.#running.values()].flatMap(({ load, allowed, achieved }) =>
      load.load.kind === kind ? Array<number>(achieved.size).fill(allowed / achieved.size) : []
    )
  }

  #start({ podUid, load }: ProcessLoad, amount: number): ChildProcess {
    const child = spawn(process.execPath, [WORKER, load.kind, String(amount)], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { [MARK_VARIABLE]: this.#options.mark, [POD_VARIABLE]: podUid }
    })
    child.stdin?.on('error', () => undefined)
    if (child.pid !== undefined) this.#options.warden.add(child.pid)
    return child
  }

  #exit(child: ChildProcess): Promise<void> {
    return new Promise((resolve) => {
      child.once('error', () => resolve())
      child.once('exit', () => {
        if (child.pid !== undefined) this.#options.warden.delete(child.pid)
        resolve()
      })
    })
  }
}

function noRoom(why: string): AppError {
  const message = `There is no room for a load: ${why}. FORCE=true lifts this limit.`
  return new AppError({ code: 'local/no-room', kind: 'denied', message })
}
