import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Logger, programFile } from '../platform/index.ts'

const WARDEN = programFile('./warden', import.meta.url)

/** The agent's side of the warden: keeps one running, and tells it which process groups there are. */
export class WardenLink {
  readonly #mark: string
  readonly #log: Logger
  readonly #groups = new Set<number>()
  #child: ChildProcess | undefined
  #closing = false

  constructor(mark: string, log: Logger) {
    this.#mark = mark
    this.#log = log
  }

  start(): void {
    const child = spawn(process.execPath, [WARDEN, this.#mark], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {}
    })
    child.stdin?.on('error', () => undefined)
    child.on('error', (err) => this.#log.error({ err }, 'the warden cannot be started'))
    child.on('exit', () => this.#replace(child))
    this.#child = child
    for (const group of this.#groups) this.#tell(`+${group}`)
  }

  add(group: number): void {
    this.#groups.add(group)
    this.#tell(`+${group}`)
  }

  delete(group: number): void {
    this.#groups.delete(group)
    this.#tell(`-${group}`)
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Ends the pipe, and so what may still be there; resolves when the warden has ended. */
  async close(): Promise<void> {
    this.#closing = true
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.stdin?.end()
    await ended
  }

  #replace(child: ChildProcess): void {
    if (this.#closing || this.#child !== child) return
    this.#log.warn('the warden has ended; starting another')
    this.start()
  }

  #tell(line: string): void {
    this.#child?.stdin?.write(`${line}\n`)
  }
}
