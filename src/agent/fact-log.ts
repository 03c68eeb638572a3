import { closeSync, fsync, openSync, writeSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Fact, type FactBody, isFinal } from '../domain/index.ts'
import type { EngineTask } from '../engine/index.ts'
import type { Clock, Logger } from '../platform/index.ts'
import { privateFolder, removeDurably, writeDurably } from './durable-file.ts'

const flush = promisify(fsync)

export interface FactLogHead {
  run: string
  lease: number
  /** facts up to this one are the server's already */
  lastSeq: number
  /** a run that goes on without its agent, on Argo: what the next process goes on with; `told` is what was told before this file */
  task?: EngineTask
}

/**
 * The facts of one run, numbered and kept in a file until the server has all of them. `append` writes before it
 * returns, so a killed process loses none; `sync` makes them survive the machine, and comes before every post.
 */
export class FactLog {
  readonly run: string
  readonly #path: string
  readonly #clock: Clock
  #head: FactLogHead
  #facts: Fact[]
  #file: number | null = null

  constructor(options: { path: string; head: FactLogHead; facts: Fact[]; clock: Clock }) {
    this.run = options.head.run
    this.#path = options.path
    this.#head = options.head
    this.#facts = options.facts
    this.#clock = options.clock
  }

  get lease(): number {
    return this.#head.lease
  }

  /** null: a process that begins anew has nothing to go on with */
  get task(): EngineTask | null {
    const { task } = this.#head
    return task === undefined ? null : { ...task, told: [...task.told, ...this.#facts] }
  }

  get lastSeq(): number {
    return this.#facts.at(-1)?.seq ?? this.#head.lastSeq
  }

  /** the run has ended: only the reaper may add more */
  get ended(): boolean {
    return this.#facts.some((fact) => fact.type === 'run-phase' && isFinal(fact.phase))
  }

  /** nothing is done before a person has decided: no harm is under way */
  get waits(): boolean {
    const last = this.#facts.findLast((fact) => fact.type === 'run-phase')
    return last?.type === 'run-phase' && last.phase === 'waiting'
  }

  after(seq: number, limit: number): Fact[] {
    const from = this.#facts.findIndex((fact) => fact.seq > seq)
    return from === -1 ? [] : this.#facts.slice(from, from + limit)
  }

  all(): readonly Fact[] {
    return this.#facts
  }

  append(body: FactBody): void {
    const fact: Fact = { ...body, seq: this.lastSeq + 1, at: this.#clock.now().toISOString() }
    this.#facts.push(fact)
    this.#file ??= openSync(this.#path, 'a', 0o600)
    writeSync(this.#file, `${JSON.stringify(fact)}\n`)
  }

  async sync(): Promise<void> {
    if (this.#file !== null) await flush(this.#file)
  }

  /** Another lease for the same run, or facts in another form; the file is written anew. */
  async rewrite(change: { lease?: number; replace?: Fact }): Promise<void> {
    const { lease, replace } = change
    if (lease !== undefined) this.#head = { ...this.#head, lease }
    if (replace) this.#facts = this.#facts.map((fact) => (fact.seq === replace.seq ? replace : fact))
    this.close()
    await writeDurably(this.#path, [this.#head, ...this.#facts].map((line) => `${JSON.stringify(line)}\n`).join(''))
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  async remove(): Promise<void> {
    this.close()
    await removeDurably(this.#path)
  }
}

export interface FactLogsOptions {
  folder: string
  clock: Clock
  log: Logger
}

export async function createFactLog({ folder, clock }: FactLogsOptions, given: FactLogHead): Promise<FactLog> {
  await privateFolder(folder)
  const { run, lease, lastSeq, task } = given
  const head = { run, lease, lastSeq, ...(task && { task }) }
  const log = new FactLog({ path: join(folder, `${head.run}.jsonl`), head, facts: [], clock })
  await log.rewrite({})
  return log
}

/** The logs that an earlier process left. A last line that was cut off by its end is dropped. */
export async function leftFactLogs({ folder, clock, log }: FactLogsOptions): Promise<FactLog[]> {
  await privateFolder(folder)
  const found: FactLog[] = []
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.jsonl')).sort()) {
    const path = join(folder, name)
    const [head, ...facts] = parseLines(await readFile(path, 'utf8'))
    if (!isHead(head)) {
      log.error({ file: path }, 'the facts of a run cannot be read; they are dropped')
      await removeDurably(path)
      continue
    }
    const left = new FactLog({ path, head, facts: facts as Fact[], clock })
    await left.rewrite({})
    found.push(left)
  }
  return found
}

function parseLines(text: string): unknown[] {
  const values: unknown[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    try {
      values.push(JSON.parse(line))
    } catch {
      break
    }
  }
  return values
}

function isHead(value: unknown): value is FactLogHead {
  if (typeof value !== 'object' || value === null) return false
  const { run, lease, lastSeq } = value as Partial<Record<keyof FactLogHead, unknown>>
  return typeof run === 'string' && Number.isInteger(lease) && Number.isInteger(lastSeq)
}
