import { toAppError } from '../platform/index.ts'
import { CatFile, lostObject } from './cat-file.ts'
import { parseCommit } from './commit-object.ts'
import { gitError } from './errors.ts'
import { fastImport } from './fast-import.ts'
import type { BlobText, CommitInfo, Listing, NewCommit, PushedCommit } from './git.ts'
import { judgeEntries, type ListingLimits } from './listing.ts'
import { LOG_FORMAT, PUSHED_FORMAT, parseLog, parsePushed } from './log.ts'
import type { GitOutput, GitRunner } from './run-git.ts'
import { StoreFolder } from './store-folder.ts'
import { entriesBelow } from './tree-walk.ts'

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

export interface CandidateRange {
  commit: string
  since: string
  candidates: readonly string[]
}

/** commits that are looked through for who changed a file last */
const MAX_LOG = 5_000
/** new commits that are looked at for what they ask for */
const MAX_PUSHED = 1_000
/** commits that are followed one by one */
const MAX_LINE = 8
/** a larger commit is git's own to read */
const WHOLE_ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/
const MAX_COMMIT_BYTES = 256 * 1024
const TIP = 'refs/faultline/tip'

interface FetchOptions {
  branch: string
  env: Record<string, string>
  signal?: AbortSignal
}

/** What is done in one bare store; that it is there and whole is its folder's business. */
export class BareStore {
  readonly #folder: StoreFolder
  readonly #runner: GitRunner
  readonly #limits: StoreLimits
  #reader: CatFile | undefined
  #fetching: Promise<unknown> = Promise.resolve()

  constructor(runner: GitRunner, options: { folder: string; repo: string; limits: StoreLimits }) {
    this.#folder = new StoreFolder(runner, { ...options, onGone: () => this.close() })
    this.#runner = runner
    this.#limits = options.limits
  }

  get gitDir(): string {
    return this.#folder.gitDir
  }

  /** One at a time: each brings its tip to the same ref, and reads it there. */
  fetch(url: string, options: FetchOptions): Promise<string> {
    const turn = this.#fetching.then(() => this.#fetch(url, options))
    this.#fetching = turn.catch(() => undefined)
    return turn
  }

  async #fetch(url: string, options: FetchOptions): Promise<string> {
    await this.#folder.open()
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
    const output = await this.#folder.run({
      args,
      env: options.env,
      deadlineMs: this.#limits.fetchMs,
      ...(options.signal && { signal: options.signal })
    })
    if (output.code !== 0) throw gitError('Fetching', output.stderr)
    return (await this.#folder.ok(['rev-parse', '--verify', TIP], 'Reading the tip')).toString('utf8').trim()
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
    await this.#folder.open()
    const ref = `refs/heads/${options.branch}`
    const lease = `--force-with-lease=${ref}:${options.expected ?? ''}`
    const args = ['push', '--porcelain', '--no-verify', lease, '--', url, `${options.commit}:${ref}`]
    return this.#folder.run({
      args,
      env: options.env,
      deadlineMs: this.#limits.fetchMs,
      ...(options.signal && { signal: options.signal })
    })
  }

  async has(commit: string): Promise<boolean> {
    await this.#folder.open()
    try {
      return await this.#read(async (reader) => (await reader.info(commit))?.type === 'commit')
    } catch (error) {
      if (toAppError(error).code === 'git/lost-object') return false
      throw error
    }
  }

  async files(commit: string, folder: string): Promise<Listing> {
    await this.#folder.open()
    const entries = await entriesBelow(`${commit}^{tree}`, folder, (tree) => this.#tree(tree))
    return judgeEntries(entries, folder, this.#limits)
  }

  async blob(oid: string, maxBytes: number): Promise<BlobText> {
    // a reader at work is asked as it is: a thousand files are a thousand calls, and it says when it cannot read on
    if (this.#reader === undefined) await this.#folder.open()
    return this.#read((reader) => reader.blob(oid, maxBytes))
  }

  async isAncestor(ancestor: string, commit: string): Promise<boolean> {
    if (!(await this.has(ancestor))) return false
    if (ancestor === commit || (await this.#line(commit, ancestor)) !== null) return true
    const output = await this.#folder.run({ args: ['merge-base', '--is-ancestor', ancestor, commit] })
    if (output.code > 1) throw gitError('Comparing commits', output.stderr)
    return output.code === 0
  }

  async info(commit: string): Promise<CommitInfo | undefined> {
    await this.#folder.open()
    // of a short id the log says the whole one
    const whole = WHOLE_ID.test(commit)
    const object = whole ? await this.#read((reader) => reader.object(commit, 'commit', MAX_COMMIT_BYTES)) : null
    const info = object === null ? null : parseCommit(commit, object)
    if (info !== null) return info
    const output = await this.#folder.ok(
      ['log', '-1', '--no-show-signature', LOG_FORMAT, commit, '--'],
      'Reading a commit'
    )
    return parseLog(output)[0]?.info
  }

  async changes({ commit, since, folder }: ChangeRange): Promise<Map<string, CommitInfo>> {
    await this.#folder.open()
    const range = since === null ? [commit] : [commit, `^${since}`]
    const how = ['-z', '--name-only', '--no-renames', '--diff-merges=combined', `--max-count=${MAX_LOG}`, LOG_FORMAT]
    const output = await this.#folder.ok(['log', ...how, ...range, '--', `${folder}/`], 'Reading the history')
    const changes = new Map<string, CommitInfo>()
    for (const { info, paths } of parseLog(output)) {
      for (const path of paths) if (!changes.has(path)) changes.set(path, info)
    }
    return changes
  }

  async pushed({ commit, since }: { commit: string; since: string }): Promise<PushedCommit[]> {
    await this.#folder.open()
    const args = ['log', '-z', `--max-count=${MAX_PUSHED}`, PUSHED_FORMAT, commit, `^${since}`, '--']
    return parsePushed(await this.#folder.ok(args, 'Reading the new commits'))
  }

  async writeCommits(parent: string | null, commits: readonly NewCommit[]): Promise<string[]> {
    await this.#folder.open()
    const output = await this.#folder.ok(
      ['fast-import', '--quiet', '--force', '--done', '--date-format=raw'],
      'Writing commits',
      fastImport(parent, commits)
    )
    return output.toString('utf8').trim().split('\n')
  }

  async among({ commit, since, candidates }: CandidateRange): Promise<Set<string>> {
    await this.#folder.open()
    const fresh = new Set((await this.#line(commit, since)) ?? (await this.#range(commit, since)))
    return new Set(candidates.filter((candidate) => fresh.has(candidate)))
  }

  async close(): Promise<void> {
    await this.#reader?.close()
  }

  remove(): Promise<void> {
    return this.#folder.remove()
  }

  #tree(oid: string): Promise<Buffer> {
    return this.#read(async (reader) => {
      const tree = await reader.object(oid, 'tree', this.#limits.outputBytes)
      if (tree === null) throw lostObject(`${oid} is not a tree of the store`)
      return tree
    })
  }

  async #range(commit: string, since: string): Promise<string[]> {
    const output = await this.#folder.ok(['rev-list', commit, `^${since}`, '--'], 'Reading the new commits')
    return output.toString('utf8').split('\n')
  }

  /** The commits from `commit` back to `since`, where they are few in a straight line: no process is needed then. */
  async #line(commit: string, since: string): Promise<string[] | null> {
    const line: string[] = []
    for (let at: string | undefined = commit; at !== undefined && line.length < MAX_LINE; ) {
      line.push(at)
      const parents: string[] = (await this.info(at))?.parents ?? []
      if (parents.length === 1 && parents[0] === since) return line
      at = parents.length === 1 ? parents[0] : undefined
    }
    return null
  }

  async #read<T>(work: (reader: CatFile) => Promise<T>): Promise<T> {
    try {
      return await work(this.#readerOf())
    } catch (error) {
      if (toAppError(error).code === 'git/lost-object') this.#folder.lost()
      throw error
    }
  }

  #readerOf(): CatFile {
    if (this.#reader !== undefined) return this.#reader
    const reader = new CatFile(this.#runner, {
      gitDir: this.gitDir,
      idleMs: this.#limits.readerIdleMs,
      onEnd: () => {
        if (this.#reader === reader) this.#reader = undefined
      }
    })
    this.#reader = reader
    return reader
  }
}
