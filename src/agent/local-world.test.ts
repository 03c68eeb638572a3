import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { targetContract } from '../engine/fixtures/target-contract.ts'
import { cartManifests, localIn } from './fixtures/shop.ts'
import { localTarget } from './index.ts'

targetContract('real processes', ['containers', 'processes', 'network'], async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-world-'))
  const local = localIn(folder)
  await local.start()
  await local.apply(cartManifests())
  return {
    target: localTarget(local),
    namespace: 'shop',
    close: async () => {
      await local.stop()
      await rm(folder, { recursive: true })
    }
  }
})
