import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

/** On a real control plane with simulated nodes, `npm run test:cluster`: tools/testbed. */
export default defineConfig({
  test: {
    ...base,
    include: ['test/cluster/**/*.test.ts'],
    globalSetup: [...base.globalSetup, 'test/harness/cluster-server.ts'],
    testTimeout: 60_000
  }
})
