import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import type { Clock } from '../../platform/index.ts'
import type { LogListeners } from '../local.ts'

/** a container keeps twice as much: the file, and the one before it */
const FILE_BYTES = 1024 * 1024
const LONGEST_LINE = 2000
/** a louder container waits: it must not take the agent's time from others, and no more than two files are kept anyway */
const BYTES_A_SECOND = 1024 * 1024

/**
 * What a container has said, across its restarts: lines in a file that is turned over when it is full. One who reads is
 * served between two writes. A disk that takes nothing loses lines, never the container.
 */
export class ContainerLog {
  readonly #path: string
  readonly #clock: Clock
  readonly #listeners = new Set<LogListeners>()
  #file: FileHandle | undefined
  #bytes = 0
  #closed = false
  /** when the second began in which so much was written */
  #second = 0
  #spent = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(path: string, clock: Clock) {
    this.#path = path
    this.#clock = clock
  }

  /** Line by line to the end of the stream, no faster than the disk and the limit; never rejects. */
  async capture(stream: Readable): Promise<void> {
    let rest = ''
    try {
      for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
        const lines = (rest + chunk).split('\n')
        rest = (lines.pop() ?? '').slice(0, LONGEST_LINE)
        await this.write(lines)
        await this.#pace(chunk.length)
      }
    } catch {
      // the pipe broke with its process
    }
    await this.write([rest])
  }

  async write(lines: readonly string[]): Promise<void> {
    const cut = lines.filter((line) => line !== '').map((line) => line.slice(0, LONGEST_LINE))
    if (cut.length > 0 && !this.#closed) await this.#inTurn(() => this.#append(cut)).catch(() => undefined)
  }

  /** The last lines, oldest first. */
  tail(count: number): Promise<string[]> {
    return this.#inTurn(() => this.#last(count))
  }

  /** The last lines, then each new one, until the answered function is called or the log is closed. */
  follow(count: number, listener: LogListeners): Promise<() => void> {
    return this.#inTurn(async () => {
      listener.lines(await this.#last(count))
      this.#listeners.add(listener)
      return () => void this.#listeners.delete(listener)
    })
  }

  /** nothing more is written */
  async close(): Promise<void> {
    this.#closed = true
    await this.#inTurn(async () => this.#file?.close()).finally(() => {
      for (const listener of this.#listeners) listener.ended()
    })
  }

  async #pace(bytes: number): Promise<void> {
    const now = this.#clock.now().getTime()
    if (now - this.#second >= 1000) {
      this.#second = now
      this.#spent = 0
    }
    this.#spent += bytes
    if (this.#spent >= BYTES_A_SECOND && !this.#closed) await this.#clock.sleep(this.#second + 1000 - now)
  }

  async #append(lines: readonly string[]): Promise<void> {
    for (const listener of this.#listeners) listener.lines(lines)
    const text = `${lines.join('\n')}\n`
    const file = await this.#opened()
    await file.appendFile(text)
    this.#bytes += Buffer.byteLength(text)
    if (this.#bytes < FILE_BYTES) return
    await file.close()
    this.#file = undefined
    await rename(this.#path, `${this.#path}.1`)
  }

  async #opened(): Promise<FileHandle> {
    if (this.#file !== undefined) return this.#file
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    this.#file = await open(this.#path, 'a', 0o600)
    this.#bytes = 0
    return this.#file
  }

  async #last(count: number): Promise<string[]> {
    const text = async (path: string) => readFile(path, 'utf8').catch(() => '')
    const lines = `${await text(`${this.#path}.1`)}${await text(this.#path)}`.split('\n').slice(0, -1)
    return count < lines.length ? lines.slice(lines.length - count) : lines
  }

  /** One after another: a line is read whole, in its place, once. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}
