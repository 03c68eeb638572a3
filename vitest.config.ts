import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

/** The quick tier, `npm test`: everything but the tests that start whole demos. */
export default defineConfig({
  test: {
    ...base,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: [...base.exclude, 'test/e2e/**', 'test/fuzz/**']
  }
})
