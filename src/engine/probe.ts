import type { ProbeSchema, Problem } from '../domain/index.ts'
import type { Target } from './target.ts'

/** One look at the system. `evidence` is kept in full for the first failure: status, time, expected and actual. */
export interface ProbeCheck {
  passed: boolean
  evidence: string
  ms: number
}

export interface ProbeWorld {
  target: Target
  /** of the fault that is probed; short service names are meant within it */
  namespace: string
  /** for one check, in ms */
  timeoutMs: number
  signal: AbortSignal
}

export type ParsedProbe =
  | {
      ok: true
      check: (world: ProbeWorld) => Promise<ProbeCheck>
      /** the namespace in which a check changes something, of which guardrails are asked; null = it only looks */
      changes: string | null
    }
  | { ok: false; problems: readonly Problem[] }

/** A type of check. */
export interface Probe {
  readonly schema: ProbeSchema
  /** the type's inputs as written → how to check, or what is wrong with them; never throws */
  parse(inputs: Readonly<Record<string, unknown>>): ParsedProbe
}
