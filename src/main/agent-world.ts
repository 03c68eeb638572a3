import type { KeyStore, WorkloadSource } from '../agent/index.ts'
import type { InfrastructureKind } from '../domain/index.ts'
import type { Journal, Target } from '../engine/index.ts'
import type { Logger, Redactor, Shutdown } from '../platform/index.ts'

/** What opens a world is handed; what it opens it adds to `shutdown`. */
export interface AgentKit {
  log: Logger
  redactor: Redactor
  shutdown: Shutdown
}

/** The infrastructure that an agent works on, open. */
export interface AgentWorld {
  kind: InfrastructureKind
  target: Target
  journal: Journal
  source: WorkloadSource
  keys: KeyStore
  /** hosts of its own that probes may call, as they are now */
  origins(): readonly string[]
  /** what whoever started the agent is told */
  ready: string
}
