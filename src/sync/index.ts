import type { SyncPort } from '../contract/index.ts'
import type { Desk } from './desk.ts'
import { createPort } from './port.ts'
import { SyncRunner } from './runner.ts'

export type { Desk } from './desk.ts'

export interface Sync {
  /** the commands, for the API */
  port: SyncPort
  start(): void
  /** passes under way are ended, and run again at the next start */
  stop(): Promise<void>
}

export function createSync(desk: Desk): Sync {
  const runner = new SyncRunner(desk)
  return { port: createPort(desk, () => runner.wake()), start: () => runner.start(), stop: () => runner.stop() }
}
