import type { Clock, Logger } from '../platform/index.ts'
import type { Fault } from './fault.ts'
import type { Journal } from './journal.ts'
import type { Probe } from './probe.ts'
import type { RunEngine } from './run-engine.ts'
import type { Target } from './target.ts'

export interface BuiltinEngineOptions {
  target: Target
  journal: Journal
  faults: readonly Fault[]
  probes: readonly Probe[]
  clock: Clock
  /** a new unique id */
  newId: () => string
  /** 0 ≤ x < 1 */
  random: () => number
  log: Logger
}

/** The engine in the agent itself. */
export declare function createBuiltinEngine(options: BuiltinEngineOptions): RunEngine
