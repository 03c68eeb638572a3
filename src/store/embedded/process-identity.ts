import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * What tells a process from a later one with the same pid: boot and start time. Undefined when no such process lives
 * (a zombie does not).
 */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return process.platform === 'linux' ? linuxIdentity(pid) : psField(pid, 'lstart')
}

/** The command line of a living process, or undefined. */
export function commandOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return psField(pid, 'command')
  return readOrUndefined(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ')
}

/** Whether it still lives. */
export function isAlive(pid: number): boolean {
  if (process.platform === 'linux') return processIdentity(pid) !== undefined
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function linuxIdentity(pid: number): string | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // the command, in parentheses, may hold blanks: fields are counted after its end
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTicks] = [fields[0], fields[19]]
  if (state === 'Z' || state === 'X') return undefined
  return `${readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}:${startTicks ?? ''}`
}

function psField(pid: number, field: string): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 }).trim()
    return text === '' ? undefined : text
  } catch {
    return undefined
  }
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
