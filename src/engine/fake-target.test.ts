import { systemClock } from '../platform/index.ts'
import { FakeTarget } from './fixtures/fake-target.ts'
import { targetContract } from './fixtures/target-contract.ts'

targetContract('in memory', ['containers', 'processes', 'network'], async () => ({
  target: new FakeTarget({ clock: systemClock, replicas: 2, replaceAfterMs: 50 }),
  namespace: 'shop',
  close: async () => undefined
}))
