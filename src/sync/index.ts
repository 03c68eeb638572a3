import type { SyncPort } from '../contract/index.ts'
import type { Desk } from './desk.ts'
import { createPort } from './port.ts'
import { SyncRunner } from './runner.ts'

export type { Desk, PassSeen } from './desk.ts'
export { type Resealed, reseal } from './reseal.ts'
export { syncAgings } from './retention.ts'

export interface Sync {
  /** the commands, for the API */
  port: SyncPort
  start(): void
  /** passes under way are ended, and run again at the next start; who waits for one is answered at once */
  stop(): Promise<void>
}

export function createSync(desk: Desk): Sync {
  const runner = new SyncRunner(desk)
  const stopping = new AbortController()
  const port = createPort(desk, { wake: () => runner.wake(), stopping: stopping.signal })
  const stop = async () => {
    stopping.abort()
    await runner.stop()
  }
  return { port, start: () => runner.start(), stop }
}
