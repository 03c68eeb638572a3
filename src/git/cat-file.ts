import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { AppError } from '../platform/index.ts'
import type { BlobText } from './git.ts'
import { environment, type GitRunner } from './run-git.ts'

const DEADLINE_MS = 15_000
/** of an object, or of a commit's tree */
/** short ones too, as people write them; one that stands for several objects is none */
const OID = /^[\da-f]{7,64}(\^\{tree\})?$/

/** What the store has under an id. */
export interface ObjectInfo {
  type: string
  size: number
}

/**
 * A kept `git cat-file --batch-command` of one store: reading an object costs a write and a read, no process. Sizes are
 * asked first, so one over the limit is never read. Ended by `close`, and by itself when it is idle.
 */
export class CatFile {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #idleMs: number
  readonly #onEnd: () => void
  #queue: Promise<unknown> = Promise.resolve()
  #buffer = Buffer.alloc(0)
  #notify: (() => void) | undefined
  #failure: AppError | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(runner: GitRunner, options: { gitDir: string; idleMs: number; onEnd: () => void }) {
    this.#idleMs = options.idleMs
    this.#onEnd = options.onEnd
    this.#child = spawn(runner.binary, [`--git-dir=${options.gitDir}`, 'cat-file', '--batch-command'], {
      cwd: runner.home,
      env: environment(runner),
      stdio: ['pipe', 'pipe', 'pipe']
    })
    this.#child.stdin.on('error', () => undefined)
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk])
      this.#notify?.()
    })
    this.#child.on('error', () => this.#end())
    this.#child.on('close', () => this.#end())
  }

  /** Null: the store has no such object. */
  info(oid: string): Promise<ObjectInfo | null> {
    return this.#inTurn(() => this.#infoOf(oid))
  }

  /** Null: the store has no such commit or tree, or a larger one. */
  object(oid: string, type: 'commit' | 'tree', maxBytes: number): Promise<Buffer | null> {
    return this.#inTurn(async () => {
      const info = await this.#infoOf(oid)
      return info?.type === type && info.size <= maxBytes ? this.#contents(oid, info.size) : null
    })
  }

  blob(oid: string, maxBytes: number): Promise<BlobText> {
    return this.#inTurn(async () => {
      const info = await this.#infoOf(oid)
      if (info?.type !== 'blob') throw lostObject(`${oid} is not a blob of the store`)
      if (info.size > maxBytes) return { kind: 'too-large', size: info.size }
      return textOf(await this.#contents(oid, info.size))
    })
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()))
    this.#child.kill('SIGKILL')
    await ended
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      clearTimeout(this.#idle)
      try {
        return await work()
      } finally {
        this.#endWhenIdle()
      }
    })
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  #endWhenIdle(): void {
    this.#idle = setTimeout(() => {
      this.#onEnd()
      void this.close()
    }, this.#idleMs)
    this.#idle.unref()
  }

  async #infoOf(oid: string): Promise<ObjectInfo | null> {
    if (!OID.test(oid)) throw failed(`${oid} is not an object id`)
    this.#child.stdin.write(`info ${oid}\n`)
    const [, type = '', size] = (await this.#line()).split(' ')
    return size === undefined ? null : { type, size: Number(size) }
  }

  async #contents(oid: string, size: number): Promise<Buffer> {
    this.#child.stdin.write(`contents ${oid}\n`)
    await this.#line()
    return (await this.#take(size + 1)).subarray(0, size)
  }

  async #line(): Promise<string> {
    const at = await this.#until(
      () => this.#buffer.indexOf(10),
      (index) => index >= 0
    )
    return (await this.#take(at + 1)).toString('utf8').trimEnd()
  }

  async #take(bytes: number): Promise<Buffer> {
    await this.#until(
      () => this.#buffer.length,
      (length) => length >= bytes
    )
    const taken = this.#buffer.subarray(0, bytes)
    this.#buffer = this.#buffer.subarray(bytes)
    return taken
  }

  async #until(look: () => number, enough: (value: number) => boolean): Promise<number> {
    const deadline = Date.now() + DEADLINE_MS
    while (true) {
      if (this.#failure !== undefined) throw this.#failure
      const value = look()
      if (enough(value)) return value
      if (Date.now() > deadline) {
        this.#child.kill('SIGKILL')
        throw failed('git did not answer in time')
      }
      await this.#next(deadline - Date.now())
    }
  }

  #next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#notify = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #end(): void {
    // it ends by itself only where it cannot read on
    this.#failure ??= lostObject('git has ended')
    this.#notify?.()
    this.#onEnd()
  }
}

function textOf(body: Buffer): BlobText {
  if (body.includes(0)) return { kind: 'binary' }
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) }
  } catch {
    return { kind: 'binary' }
  }
}

/** What must be there is not: the store is not whole. */
export function lostObject(why: string): AppError {
  return failed(why, 'git/lost-object')
}

function failed(why: string, code = 'git/read-failed'): AppError {
  return new AppError({
    code,
    kind: 'transient',
    message: `An object of the repository could not be read: ${why}.`
  })
}
