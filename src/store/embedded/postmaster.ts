import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../platform/index.ts'
import { commandOf, isAlive } from './process-identity.ts'

const FAST_STOP_MS = 10_000
const IMMEDIATE_STOP_MS = 5_000
const LOOK_MS = 20

interface PidFile {
  pid: number
  status: string
}

/** PostgreSQL's own file in its folder: line 1 is the pid, line 8 the state. */
export function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, status: (lines[7] ?? '').trim() } : undefined
  } catch {
    return undefined
  }
}

/** Ends a PostgreSQL that a killed server left behind in this folder. Call only with the data folder's lock. */
export async function stopStale(cluster: string): Promise<void> {
  const left = readPidFile(cluster)
  if (left === undefined || !isAlive(left.pid)) return
  if (commandOf(left.pid)?.includes(cluster) !== true) {
    // the pid is another program's by now; PostgreSQL would refuse to start because of it
    rmSync(join(cluster, 'postmaster.pid'), { force: true })
    return
  }
  await stopByPid(left.pid)
}

/** Fast shutdown, then the immediate one; rejects when it still lives. */
export async function stopByPid(pid: number): Promise<void> {
  signal(pid, 'SIGINT')
  if (await endedWithin(pid, FAST_STOP_MS)) return
  signal(pid, 'SIGQUIT')
  if (await endedWithin(pid, IMMEDIATE_STOP_MS)) return
  throw new AppError({
    code: 'store/database-will-not-stop',
    kind: 'stalled',
    message: `PostgreSQL (process ${pid}) does not stop. End that process, then start again.`,
    details: { pid }
  })
}

/** Resolves once this very process answers queries: a socket alone could be another's. */
export async function readyWithin(cluster: string, pid: number, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms
  while (Date.now() < deadline) {
    const file = readPidFile(cluster)
    if (file?.pid === pid && file.status === 'ready') return true
    if (!isAlive(pid)) return false
    await wait(LOOK_MS)
  }
  return false
}

async function endedWithin(pid: number, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await wait(LOOK_MS)
  }
  return true
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
