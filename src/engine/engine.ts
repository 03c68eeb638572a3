import type { BuiltinEngineOptions, EngineParts } from './parts.ts'
import { reap } from './reaper.ts'
import type { RunEngine } from './run-engine.ts'
import { executeRun } from './run-steps.ts'

/**
 * The engine in the agent itself. Several runs may be under way at once. A reap and a run never touch the same
 * injection.
 */
export function createBuiltinEngine(options: BuiltinEngineOptions): RunEngine {
  const parts: EngineParts = { ...options, inHand: new Set() }
  return {
    run: (task, context) => executeRun(parts, task, context),
    reap: (emitFor) => reap(parts, emitFor)
  }
}
