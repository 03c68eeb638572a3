import { configDefaults, type ViteUserConfig } from 'vitest/config'

/** What all tiers of tests have in common. */
export const base: NonNullable<ViteUserConfig['test']> & { exclude: string[]; globalSetup: string[] } = {
  pool: 'forks',
  maxWorkers: 2,
  exclude: [...configDefaults.exclude, 'tools/check/fixtures/**'],
  globalSetup: ['test/harness/database-server.ts'],
  testTimeout: 30_000,
  // conditions are waited for, and a busy machine may stand still for seconds
  expect: { poll: { timeout: 15_000 } },
  hookTimeout: 60_000,
  env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
}
