import { createHash } from 'node:crypto'
import { access, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gitError } from './errors.ts'
import { type GitCall, type GitOutput, type GitRunner, runGit } from './run-git.ts'

export type StoreCall = Omit<GitCall, 'gitDir' | 'deadlineMs' | 'maxBytes'> & { deadlineMs?: number }

export interface FolderOptions {
  folder: string
  /** what the store is of; its folder is named by a digest of it */
  repo: string
  limits: { localMs: number; outputBytes: number }
  /** before the folder goes: whoever has files of it open lets go */
  onGone: () => Promise<void>
}

/** what a killed git leaves behind, and would not let the next one pass */
const LEFTOVER = /(\.lock$)|^tmp_(pack|idx|obj|rev)_/
const LOCKED = /^(?!remote:).*\.lock': File exists/m
/** what git says of its own objects; what the other side says of its begins with `remote:` */
const DAMAGED =
  /^(?!remote:).*(not a git repository|bad object|corrupt|inflate|unable to read|packfile|index file|is empty)/m
/** no fault of the store */
const CROWDED = /No space left|Permission denied|Cannot allocate|Out of memory|Resource temporarily/i

/**
 * The folder of one bare store without a work tree. It is a cache: what is damaged or gone is made anew at its next
 * use, and locks that a killed git has left are cleared, unless another git of ours is at work in it.
 */
export class StoreFolder {
  readonly gitDir: string
  readonly #runner: GitRunner
  readonly #options: FolderOptions
  /** what its next use must do first */
  #mend: 'nothing' | 'clear' | 'anew' = 'clear'
  #mending: Promise<void> | undefined
  /** a git that began before the store was made anew says nothing about the new one */
  #generation = 0
  #running = 0

  constructor(runner: GitRunner, options: FolderOptions) {
    const name = createHash('sha256').update(options.repo).digest('hex').slice(0, 32)
    this.gitDir = join(options.folder, `${name}.git`)
    this.#runner = runner
    this.#options = options
  }

  async open(): Promise<void> {
    // each time: whoever tidies up the disk may have taken it away
    await mkdir(this.#runner.home, { recursive: true, mode: 0o700 })
    if (this.#mending !== undefined) return this.#mending
    if (this.#mend === 'clear' && this.#running > 0) return
    if (this.#mend === 'nothing' && (await this.#exists())) return
    this.#mending ??= this.#prepare().finally(() => {
      this.#mending = undefined
    })
    return this.#mending
  }

  /** Ends with any exit code; rejects where git was ended, or cannot be run. */
  async run(call: StoreCall): Promise<GitOutput> {
    const generation = this.#generation
    const { localMs: deadlineMs, outputBytes: maxBytes } = this.#options.limits
    this.#running += 1
    try {
      const output = await runGit(this.#runner, { deadlineMs, ...call, maxBytes, gitDir: this.gitDir })
      if (output.code !== 0 && DAMAGED.test(output.stderr)) this.#spoilt(generation)
      if (output.code !== 0 && LOCKED.test(output.stderr)) this.#locked()
      return output
    } catch (error) {
      this.#locked()
      throw error
    } finally {
      this.#running -= 1
    }
  }

  /** Work that stays on this machine: where it fails, the store is not what it should be. */
  async ok(args: string[], action: string, input?: string | Buffer): Promise<Buffer> {
    const generation = this.#generation
    const output = await this.run({ args, ...(input !== undefined && { input }) })
    if (output.code === 0) return output.stdout
    if (!LOCKED.test(output.stderr) && !CROWDED.test(output.stderr)) this.#spoilt(generation)
    throw gitError(action, output.stderr)
  }

  /** An object that must be there is not. */
  lost(): void {
    this.#spoilt(this.#generation)
  }

  async remove(): Promise<void> {
    this.#mend = 'clear'
    await this.#clear()
  }

  #spoilt(generation: number): void {
    if (generation === this.#generation) this.#mend = 'anew'
  }

  #locked(): void {
    if (this.#mend === 'nothing') this.#mend = 'clear'
  }

  async #prepare(): Promise<void> {
    if (this.#mend === 'anew') await this.#clear()
    this.#generation += 1
    this.#mend = 'nothing'
    if (await this.#exists()) {
      await this.#clearLeftovers()
      if ((await this.run({ args: ['rev-parse', '--is-bare-repository'] })).code === 0) return
      await this.#clear()
    }
    await mkdir(this.gitDir, { recursive: true, mode: 0o700 })
    await this.ok(['init', '--quiet', '--bare', '--template='], 'Making the store')
  }

  async #exists(): Promise<boolean> {
    return access(join(this.gitDir, 'HEAD')).then(
      () => true,
      () => false
    )
  }

  async #clear(): Promise<void> {
    await this.#options.onGone()
    await rm(this.gitDir, { recursive: true, force: true })
  }

  async #clearLeftovers(): Promise<void> {
    for (const entry of await readdir(this.gitDir, { recursive: true })) {
      const name = entry.slice(entry.lastIndexOf('/') + 1)
      if (LEFTOVER.test(name)) await rm(join(this.gitDir, entry), { force: true })
    }
  }
}
