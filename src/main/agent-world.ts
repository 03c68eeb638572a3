import type { KeyStore, WorkloadSource } from '../agent/index.ts'
import type { InfrastructureKind } from '../domain/index.ts'
import type { Journal, RunEngine, Target } from '../engine/index.ts'
import type { AppError, Logger, Redactor, Shutdown } from '../platform/index.ts'

/** What opens a world is handed; what it opens it adds to `shutdown`. */
export interface AgentKit {
  log: Logger
  redactor: Redactor
  shutdown: Shutdown
  /** the agent cannot go on: it ends */
  onGone: (error: AppError) => void
}

/** The infrastructure that an agent works on, open. */
export interface AgentWorld {
  kind: InfrastructureKind
  target: Target
  journal: Journal
  /** null: there is no Argo Workflows */
  argo: Pick<RunEngine, 'run'> | null
  source: WorkloadSource
  keys: KeyStore
  /** hosts of its own that probes may call, as they are now */
  origins(): readonly string[]
  /** resolves when this agent is to work: of several agents of one infrastructure one does, and the others wait here */
  turn(signal: AbortSignal): Promise<void>
  /** what whoever started the agent is told */
  ready: string
}
