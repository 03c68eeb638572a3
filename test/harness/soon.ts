import { vi } from 'vitest'

/** Looks until it does not throw; a busy machine may stand still for seconds. */
export const soon = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, { timeout: 15_000, interval: 20 })
