import { createHash } from 'node:crypto'
import { access, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CatFile } from './cat-file.ts'
import { gitError } from './errors.ts'
import { fastImport } from './fast-import.ts'
import type { BlobText, CommitInfo, Listing, NewCommit } from './git.ts'
import { type ListingLimits, parseListing } from './listing.ts'
import { LOG_FORMAT, parseLog } from './log.ts'
import { type GitOutput, type GitRunner, runGit } from './run-git.ts'

export interface StoreLimits extends ListingLimits {
  /** of one fetch, ms */
  fetchMs: number
  /** of everything that stays on this machine, ms */
  localMs: number
  /** of what one git process may answer */
  outputBytes: number
  /** a reader that nobody used for so long is ended, ms */
  readerIdleMs: number
}

export interface ChangeRange {
  commit: string
  since: string | null
  folder: string
}

/** commits that are looked through for who changed a file last */
const MAX_LOG = 5_000
const TIP = 'refs/faultline/tip'
/** what a killed git leaves behind, and would not let the next one pass */
const LEFTOVER = /(\.lock$)|^tmp_(pack|idx|obj|rev)_/

/** One bare repository without a work tree. It is a cache: what is damaged is made anew. */
export class BareStore {
  readonly gitDir: string
  readonly #runner: GitRunner
  readonly #limits: StoreLimits
  #ready: Promise<void> | undefined
  #reader: CatFile | undefined

  constructor(runner: GitRunner, options: { folder: string; repo: string; limits: StoreLimits }) {
    this.gitDir = join(options.folder, `${createHash('sha256').update(options.repo).digest('hex').slice(0, 32)}.git`)
    this.#runner = runner
    this.#limits = options.limits
  }

  async fetch(
    url: string,
    options: { branch: string; env: Record<string, string>; signal?: AbortSignal }
  ): Promise<string> {
    await this.#open()
    const refspec = `+refs/heads/${options.branch}:${TIP}`
    const args = [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--',
      url,
      refspec
    ]
    const output = await this.#run(args, {
      env: options.env,
      deadlineMs: this.#limits.fetchMs,
      ...(options.signal && { signal: options.signal })
    })
    if (output.code !== 0) throw gitError('Fetching', output.stderr)
    return (await this.#ok(['rev-parse', '--verify', TIP], 'Reading the tip')).toString('utf8').trim()
  }

  async push(
    url: string,
    options: {
      branch: string
      commit: string
      expected: string | null
      env: Record<string, string>
      signal?: AbortSignal
    }
  ): Promise<GitOutput> {
    await this.#open()
    const ref = `refs/heads/${options.branch}`
    const lease = `--force-with-lease=${ref}:${options.expected ?? ''}`
    const args = ['push', '--porcelain', '--no-verify', lease, '--', url, `${options.commit}:${ref}`]
    return this.#run(args, {
      env: options.env,
      deadlineMs: this.#limits.fetchMs,
      ...(options.signal && { signal: options.signal })
    })
  }

  async has(commit: string): Promise<boolean> {
    await this.#open()
    return (await this.#run(['cat-file', '-e', `${commit}^{commit}`])).code === 0
  }

  async files(commit: string, folder: string): Promise<Listing> {
    await this.#open()
    const output = await this.#ok(
      ['ls-tree', '-r', '-l', '-z', '--full-tree', commit, '--', `${folder}/`],
      'Listing the folder'
    )
    return parseListing(output, folder, this.#limits)
  }

  async blob(oid: string, maxBytes: number): Promise<BlobText> {
    await this.#open()
    this.#reader ??= new CatFile(this.#runner, {
      gitDir: this.gitDir,
      idleMs: this.#limits.readerIdleMs,
      onEnd: () => {
        this.#reader = undefined
      }
    })
    return this.#reader.read(oid, maxBytes)
  }

  async isAncestor(ancestor: string, commit: string): Promise<boolean> {
    if (!(await this.has(ancestor))) return false
    const output = await this.#run(['merge-base', '--is-ancestor', ancestor, commit])
    if (output.code > 1) throw gitError('Comparing commits', output.stderr)
    return output.code === 0
  }

  async info(commit: string): Promise<CommitInfo | undefined> {
    await this.#open()
    const output = await this.#ok(['log', '-1', '--no-show-signature', LOG_FORMAT, commit, '--'], 'Reading a commit')
    return parseLog(output)[0]?.info
  }

  async changes({ commit, since, folder }: ChangeRange): Promise<Map<string, CommitInfo>> {
    await this.#open()
    const range = since === null ? [commit] : [commit, `^${since}`]
    const how = ['-z', '--name-only', '--no-renames', '--diff-merges=combined', `--max-count=${MAX_LOG}`, LOG_FORMAT]
    const output = await this.#ok(['log', ...how, ...range, '--', `${folder}/`], 'Reading the history')
    const changes = new Map<string, CommitInfo>()
    for (const { info, paths } of parseLog(output)) {
      for (const path of paths) if (!changes.has(path)) changes.set(path, info)
    }
    return changes
  }

  async writeCommit(commit: NewCommit): Promise<string> {
    await this.#open()
    const output = await this.#ok(
      ['fast-import', '--quiet', '--force', '--done', '--date-format=raw'],
      'Writing a commit',
      fastImport(commit)
    )
    return output.toString('utf8').trim()
  }

  async close(): Promise<void> {
    await this.#reader?.close()
  }

  async remove(): Promise<void> {
    await this.close()
    this.#ready = undefined
    await rm(this.gitDir, { recursive: true, force: true })
  }

  #open(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined
      throw error
    })
    return this.#ready
  }

  /** Once in the life of the process: makes the store, or clears what a killed git has left in it. */
  async #prepare(): Promise<void> {
    const exists = await access(join(this.gitDir, 'HEAD')).then(
      () => true,
      () => false
    )
    if (exists) {
      await this.#clearLeftovers()
      if ((await this.#run(['rev-parse', '--is-bare-repository'])).code === 0) return
      await rm(this.gitDir, { recursive: true, force: true })
    }
    await mkdir(this.gitDir, { recursive: true, mode: 0o700 })
    await this.#ok(['init', '--quiet', '--bare', '--template='], 'Making the store')
  }

  async #clearLeftovers(): Promise<void> {
    for (const entry of await readdir(this.gitDir, { recursive: true })) {
      const name = entry.slice(entry.lastIndexOf('/') + 1)
      if (LEFTOVER.test(name)) await rm(join(this.gitDir, entry), { force: true })
    }
  }

  async #ok(args: string[], action: string, input?: string | Buffer): Promise<Buffer> {
    const output = await this.#run(args, input === undefined ? {} : { input })
    if (output.code !== 0) throw gitError(action, output.stderr)
    return output.stdout
  }

  #run(
    args: string[],
    more: { env?: Record<string, string>; input?: string | Buffer; deadlineMs?: number; signal?: AbortSignal } = {}
  ): Promise<GitOutput> {
    const limits = { deadlineMs: this.#limits.localMs, maxBytes: this.#limits.outputBytes }
    return runGit(this.#runner, { args, gitDir: this.gitDir, ...limits, ...more })
  }
}
