import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

/** The slower tier, `npm run test:slow`: whole demos, started, played and killed. */
export default defineConfig({
  test: {
    ...base,
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000
  }
})
