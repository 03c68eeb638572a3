import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

/** The quick tier, `npm test`: everything but whole demos, fuzzing and clusters. */
export default defineConfig({
  test: {
    ...base,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: [...base.exclude, 'test/e2e/**', 'test/fuzz/**', 'test/cluster/**', 'test/argo/**']
  }
})
