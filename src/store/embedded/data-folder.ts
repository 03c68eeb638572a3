import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../platform/index.ts'
import { processIdentity } from './process-identity.ts'

export interface DataFolder {
  /** absolute, without symbolic links */
  path: string
  /** gives the folder back; safe to call twice */
  release(): void
}

interface Holder {
  pid: number
  identity: string
}

const TRIES = 5

/**
 * Makes the folder (0700) and takes it for this process alone. A lock of a process that is gone is taken over.
 * Rejects with `store/data-folder-in-use`, which names the folder and the process, or `store/data-folder`.
 */
export function takeDataFolder(folder: string): DataFolder {
  const path = prepare(folder)
  const lock = join(path, 'lock')
  const self: Holder = { pid: process.pid, identity: processIdentity(process.pid) ?? '' }
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (create(lock, self)) return { path, release: () => release(lock, self) }
    const holder = read(lock)
    if (holder !== undefined && processIdentity(holder.pid) === holder.identity) throw inUse(path, holder.pid)
    removeStale(lock, holder)
  }
  throw new AppError({
    code: 'store/data-folder',
    kind: 'transient',
    message: `Could not take the data folder ${path}: several servers start in it at once. Start one alone.`
  })
}

/** The folder without symbolic links if a living process holds it, else null. Takes nothing. */
export function holderOf(folder: string): string | null {
  const holder = read(join(folder, 'lock'))
  return holder !== undefined && processIdentity(holder.pid) === holder.identity ? realpathSync(folder) : null
}

function prepare(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    return realpathSync(folder)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError({
      code: 'store/data-folder',
      kind: 'stalled',
      message: `The data folder ${folder} cannot be used: ${reason}. Choose a folder that this user owns.`,
      cause
    })
  }
}

/** The lock appears with its content or not at all: a reader never sees half of it. */
function create(lock: string, self: Holder): boolean {
  const draft = `${lock}.${self.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, JSON.stringify(self), { mode: 0o600 })
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function read(lock: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(lock, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('identity' in value)) return undefined
    const { pid, identity } = value
    return typeof pid === 'number' && typeof identity === 'string' ? { pid, identity } : undefined
  } catch {
    return undefined
  }
}

/** Moved away before it is judged again: if another server has just taken the lock, it gets it back. */
function removeStale(lock: string, stale: Holder | undefined): void {
  const aside = `${lock}.stale.${randomBytes(4).toString('hex')}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  const moved = read(aside)
  const fresh = moved !== undefined && (moved.pid !== stale?.pid || moved.identity !== stale.identity)
  if (fresh) linkBack(aside, lock)
  rmSync(aside, { force: true })
}

function linkBack(aside: string, lock: string): void {
  try {
    linkSync(aside, lock)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

function release(lock: string, self: Holder): void {
  const holder = read(lock)
  if (holder?.pid === self.pid && holder.identity === self.identity) rmSync(lock, { force: true })
}

function inUse(path: string, pid: number): AppError {
  return new AppError({
    code: 'store/data-folder-in-use',
    kind: 'stalled',
    message: `The data folder ${path} is in use by process ${pid}. Stop that server first, or choose another folder.`,
    details: { folder: path, pid }
  })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
