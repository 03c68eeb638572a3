import type { Clock, Logger } from '../platform/index.ts'
import type { Fault } from './fault.ts'
import type { Journal } from './journal.ts'
import type { Probe } from './probe.ts'
import type { Emit, EngineTask } from './run-engine.ts'
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

/** What all steps of all runs share. */
export interface EngineParts extends BuiltinEngineOptions {
  /** injections under way: the reaper leaves them alone */
  inHand: Set<string>
}

/** Where a step of a run happens. */
export interface Scene {
  parts: EngineParts
  task: EngineTask
  step: string
  /** aborted with a `StopReason` */
  signal: AbortSignal
  emit: Emit
}

const LONGEST_TEXT = 4000

/** Foreign text goes into facts only so long: the server refuses more. */
export function clip(text: string, longest = LONGEST_TEXT): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}

export function tell(scene: Scene, level: 'info' | 'warn' | 'error', text: string): void {
  scene.emit({ type: 'log', step: scene.step, level, text: clip(text) })
}
