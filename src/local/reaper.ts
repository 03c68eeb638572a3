import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export const MARK_VARIABLE = 'FAULTLINE_AGENT_MARK'
/** the uid of the pod, beside the agent's mark */
export const POD_VARIABLE = 'FAULTLINE_POD_UID'
/** uid of the pod and name of the container */
export const CONTAINER_VARIABLE = 'FAULTLINE_CONTAINER'

const ROUNDS_WITHOUT_FINDING = 2
const ROUND_MS = 50
const GIVE_UP_ROUNDS = 100

/**
 * Ends everything that carries the agent's mark in its environment, daemonised grandchildren too; several rounds, since
 * a process may fork while we look. Where there is no /proc nothing is found. Answers how many were ended.
 */
export async function reapMarked(mark: string, variable = MARK_VARIABLE): Promise<number> {
  const ended = new Set<number>()
  let quiet = 0
  for (let round = 0; quiet < ROUNDS_WITHOUT_FINDING && round < GIVE_UP_ROUNDS; round++) {
    const found = await findMarked(mark, variable)
    for (const pid of found) {
      ended.add(pid)
      kill(pid)
    }
    quiet = found.length === 0 ? quiet + 1 : 0
    await sleep(ROUND_MS)
  }
  return ended.size
}

/** Pids of living processes with the mark, but ourselves. */
async function findMarked(mark: string, variable = MARK_VARIABLE): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => [])
  const pids = entries.map(Number).filter((pid) => Number.isInteger(pid) && pid > 1 && pid !== process.pid)
  const marked = await Promise.all(
    pids.map(async (pid) => (carries(await environOf(pid), `${variable}=${mark}`) ? [pid] : []))
  )
  return marked.flat()
}

/** A whole entry, not the end of another's value. */
function carries(environ: string, entry: string): boolean {
  return `\0${environ}`.includes(`\0${entry}\0`)
}

async function environOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
}

/** A whole process group, or one process where it leads none. */
export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has ended by itself
  }
}
