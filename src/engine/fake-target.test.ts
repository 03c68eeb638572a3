import { systemClock } from '../platform/index.ts'
import { FakeTarget } from './fixtures/fake-target.ts'
import { targetContract } from './fixtures/target-contract.ts'

targetContract('in memory', async () => ({
  target: new FakeTarget({ clock: systemClock, replicas: 2, replaceAfterMs: 50 }),
  close: async () => undefined
}))
