import { createInterface } from 'node:readline'
import { kill, reapMarked } from './reaper.ts'

/**
 * The warden: a process of its own, in its own session, whose standard input is a pipe that only the agent holds. Each
 * line names a process group that came (`+123`) or went (`-123`). When the pipe ends the agent is gone, however it
 * went: the groups are ended, then whatever carries the mark (first argument), then the warden itself.
 */
const groups = new Set<number>()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const group = Number(line.slice(1))
  if (!Number.isInteger(group) || group < 2) return
  if (line.startsWith('+')) groups.add(group)
  else groups.delete(group)
})
lines.on('close', async () => {
  for (const group of groups) kill(-group)
  await reapMarked(process.argv[2] ?? '')
  process.exit(0)
})
