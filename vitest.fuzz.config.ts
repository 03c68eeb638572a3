import { defineConfig } from 'vitest/config'
import { base } from './vitest.base.ts'

/** The API, fuzzed from its own OpenAPI document: some minutes. */
export default defineConfig({
  test: {
    ...base,
    include: ['test/fuzz/**/*.test.ts'],
    hookTimeout: 400_000
  }
})
