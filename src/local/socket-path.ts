import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** The kernel's limit for the path of a Unix socket, without the closing zero. */
const LONGEST = 107

/** The agent's socket: in its folder, or, where that path is too long, in a short folder named after it: the same for agent and people. */
export function socketPath(folder: string): string {
  const path = join(folder, 'agent.sock')
  if (Buffer.byteLength(path) <= LONGEST) return path
  const short = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return join('/tmp', `faultline-${short}`, 'agent.sock')
}
