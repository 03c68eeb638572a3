import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

/** With Argo Workflows and Litmus' operator on the control plane, `npm run test:cluster:argo`. */
export default defineConfig({
  test: {
    ...base,
    include: ['test/argo/**/*.test.ts'],
    globalSetup: [...base.globalSetup, 'test/harness/argo-server.ts'],
    testTimeout: 60_000
  }
})
