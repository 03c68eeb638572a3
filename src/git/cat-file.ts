import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { AppError } from '../platform/index.ts'
import type { BlobText } from './git.ts'
import { environment, type GitRunner } from './run-git.ts'

const DEADLINE_MS = 15_000
const OID = /^[\da-f]{40}([\da-f]{24})?$/

/**
 * A kept `git cat-file --batch-command` of one store: reading a blob costs a write and a read, no process. Sizes are
 * asked first, so a blob over the limit is never read. Ended by `close`, and by itself when it is idle.
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

  read(oid: string, maxBytes: number): Promise<BlobText> {
    const turn = this.#queue.then(() => this.#readOne(oid, maxBytes))
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()))
    this.#child.kill('SIGKILL')
    await ended
  }

  async #readOne(oid: string, maxBytes: number): Promise<BlobText> {
    clearTimeout(this.#idle)
    if (!OID.test(oid)) throw failed(`${oid} is not an object id`)
    const size = await this.#sizeOf(oid)
    if (size > maxBytes) return { kind: 'too-large', size }
    this.#child.stdin.write(`contents ${oid}\n`)
    await this.#line()
    const body = await this.#take(size + 1)
    this.#idle = setTimeout(() => {
      this.#onEnd()
      void this.close()
    }, this.#idleMs)
    this.#idle.unref()
    return textOf(body.subarray(0, size))
  }

  async #sizeOf(oid: string): Promise<number> {
    this.#child.stdin.write(`info ${oid}\n`)
    const [, type, size] = (await this.#line()).split(' ')
    if (type !== 'blob' || size === undefined) throw failed(`${oid} is not a blob of the store`, 'git/lost-object')
    return Number(size)
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
    this.#failure ??= failed('git has ended', 'git/lost-object')
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

function failed(why: string, code = 'git/read-failed'): AppError {
  return new AppError({
    code,
    kind: 'transient',
    message: `An object of the repository could not be read: ${why}.`
  })
}
