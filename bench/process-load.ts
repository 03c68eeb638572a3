import { readFileSync } from 'node:fs'

/** Clock ticks of Linux' /proc: proc_pid_stat(5). */
const TICKS_PER_SECOND = 100

/** Processor time in ms of a process and of the children that it has waited for. */
export function processorTime(pid: number): { own: number; withChildren: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [user, system, childUser, childSystem] = fields
    .slice(11, 15)
    .map((ticks) => (Number(ticks) * 1000) / TICKS_PER_SECOND)
  const own = (user ?? 0) + (system ?? 0)
  return { own, withChildren: own + (childUser ?? 0) + (childSystem ?? 0) }
}

/** Resident memory in MB. */
export function residentMemory(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return Number(kilobytes) / 1024
}
