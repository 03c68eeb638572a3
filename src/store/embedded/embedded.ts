import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { AppError, type Logger } from '../../platform/index.ts'
import { findBinaries, noEmbedded } from './binaries.ts'
import { holderOf, takeDataFolder } from './data-folder.ts'
import { initialise } from './initialise.ts'
import { CHILD_ENV, launchPrefix } from './launch.ts'
import { readyWithin, stopByPid, stopStale } from './postmaster.ts'
import { socketFolder } from './socket-folder.ts'

export interface EmbeddedOptions {
  /** of this server alone; made when missing */
  folder: string
  log: Logger
  /** the database ended without being asked to; called at most once */
  onGone: (error: AppError) => void
  /** PostgreSQL settings over the built-in ones; tests trade safety for speed */
  settings?: Readonly<Record<string, string>>
}

export interface Embedded {
  /** folder of the Unix socket, the `host` of a connection */
  host: string
  pid: number
  /** ends PostgreSQL and gives the data folder back */
  stop(): Promise<void>
}

const START_MS = 60_000
const KEPT_LINES = 20

/** For a laptop: little memory, full durability. */
const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '50',
  shared_buffers: '64MB',
  fsync: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_destination: 'stderr',
  logging_collector: 'off'
}

/**
 * Starts PostgreSQL as a child process that ends with this one. Rejects with `store/data-folder-in-use`,
 * `store/no-embedded-database` (which names FAULTLINE_DATABASE_URL), `store/database-version`, or
 * `store/database-start-failed` with PostgreSQL's own last words.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const folder = takeDataFolder(options.folder)
  try {
    const server = await startIn(folder.path, options)
    const stop = async () => {
      await server.stop()
      folder.release()
    }
    return { ...server, stop }
  } catch (error) {
    folder.release()
    throw error
  }
}

/** Where the database of a server that runs in this folder listens; null: none runs there. */
export function runningEmbedded(folder: string): string | null {
  const path = holderOf(folder)
  return path === null ? null : socketFolder(path)
}

async function startIn(folder: string, options: EmbeddedOptions): Promise<Embedded> {
  const binaries = findBinaries()
  const cluster = await initialise(binaries, folder)
  await stopStale(cluster)
  const host = socketFolder(folder)
  const settings = { ...SETTINGS, unix_socket_directories: host, ...options.settings }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program = '', ...args] = [...(await launchPrefix('INT')), binaries.postgres, '-D', cluster, ...flags]
  const child = spawn(program, args, { env: CHILD_ENV, stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' })
  const lines = keepLines(child, options.log)
  const ended = exitOf(child)
  const pid = child.pid
  if (pid === undefined) throw noEmbedded(`${program} could not be started (${await ended})`)
  if (!(await readyWithin(cluster, pid, START_MS))) {
    await stopByPid(pid)
    throw didNotStart(cluster, await ended, lines)
  }
  const end = watch({ pid, ended, lines, onGone: options.onGone })
  const stop = async () => {
    await end()
    if (host !== folder) rmSync(host, { recursive: true, force: true })
  }
  return { host, pid, stop }
}

function didNotStart(cluster: string, how: string, lines: readonly string[]): AppError {
  return new AppError({
    code: 'store/database-start-failed',
    kind: 'stalled',
    message: `The embedded PostgreSQL in ${cluster} did not start (${how}): ${lines.slice(-5).join(' | ')}`,
    details: { folder: cluster, how, lines: [...lines] }
  })
}

interface Watched {
  pid: number
  ended: Promise<string>
  lines: readonly string[]
  onGone: (error: AppError) => void
}

/** Returns how to stop it; an end before that is reported. */
function watch({ pid, ended, lines, onGone }: Watched): () => Promise<void> {
  let stopping: Promise<void> | undefined
  void ended.then((how) => {
    if (stopping === undefined) onGone(gone(pid, how, lines))
  })
  return () => {
    stopping ??= stopByPid(pid).then(async () => {
      await ended
    })
    return stopping
  }
}

function gone(pid: number, how: string, lines: readonly string[]): AppError {
  return new AppError({
    code: 'store/database-gone',
    kind: 'transient',
    message: `The embedded PostgreSQL (process ${pid}) ended by itself (${how}). Start Faultline again; nothing that was acknowledged is lost.`,
    details: { pid, how, lines: [...lines] }
  })
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
  })
}

/** The last lines, for the error message; all of them at level debug. */
function keepLines(child: ChildProcess, log: Logger): string[] {
  const lines: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    for (const line of chunk.split('\n').filter((text) => text !== '')) {
      log.debug({ line: line.slice(0, 2000) }, 'postgres')
      lines.push(line.slice(0, 500))
      if (lines.length > KEPT_LINES) lines.shift()
    }
  })
  return lines
}
