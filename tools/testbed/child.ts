import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { AppError } from '../../src/platform/index.ts'
import { boundToUs } from './bound.ts'

/** A program and how it is started. */
export interface Launch {
  name: string
  file: string
  args: readonly string[]
  /** all of its environment */
  env?: Readonly<Record<string, string>>
}

/** How long a program may take to end by itself, in ms: the API server waits for its watches, and the data is disposable. */
const PATIENCE_MS = 2_000
const KEPT_LINES = 8

/** A program of a cluster: it ends with us, and what it says is in `<name>.log` of the folder. */
export class Child {
  readonly name: string
  readonly pid: number
  /** resolves when it has ended, with how; whoever ended it */
  readonly ended: Promise<string>
  readonly #log: string
  readonly #process: ChildProcess

  /** Must be made on the main thread: the kernel ties the death of a child to the thread that started it. */
  constructor(launch: Launch, folder: string) {
    if (!isMainThread) throw new Error('a test cluster is started from the main thread')
    this.name = launch.name
    this.#log = join(folder, `${launch.name}.log`)
    const log = openSync(this.#log, 'a', 0o600)
    const env = { PATH: process.env.PATH, HOME: folder, ...launch.env }
    const [file, args] = boundToUs(launch.file, launch.args)
    this.#process = spawn(file, args, { cwd: folder, env, stdio: ['ignore', log, log] })
    closeSync(log)
    this.pid = this.#process.pid ?? 0
    this.ended = endOf(this.#process)
  }

  get isOver(): boolean {
    return this.#process.pid === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  async stop(): Promise<void> {
    if (this.isOver) return
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE_MS)
    await this.ended
    clearTimeout(timer)
  }

  /** That it is over, why, and its last words. */
  failure(how: string): AppError {
    const lines = readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-KEPT_LINES)
    return new AppError({
      code: 'testbed/program-ended',
      kind: 'transient',
      message: `${this.name} of the test bed ended by itself (${how}). The end of ${this.#log}:\n${lines.join('\n')}`
    })
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
  })
}
