/** The closed vocabularies of the product: code, API, portal and docs use exactly these words. */

export const RUN_PHASES = [
  'queued',
  'waiting',
  'running',
  'stopping',
  'recovering',
  'completed',
  'stopped',
  'error',
  'timeout',
  'skipped'
] as const
export type RunPhase = (typeof RUN_PHASES)[number]

export const STEP_PHASES = [
  'queued',
  'waiting',
  'running',
  'recovering',
  'completed',
  'stopped',
  'error',
  'timeout',
  'skipped'
] as const
export type StepPhase = (typeof STEP_PHASES)[number]

export const VERDICTS = ['pass', 'fail', 'awaited', 'error', 'not-applicable'] as const
export type Verdict = (typeof VERDICTS)[number]

/** `clean`: proved to be as before; `drifted`: harm has ended, state differs; `leaked`: harm may still be there */
export const RECOVERIES = ['clean', 'drifted', 'leaked'] as const
export type Recovery = (typeof RECOVERIES)[number]

export const PROBE_MODES = ['SOT', 'EOT', 'Edge', 'Continuous', 'OnChaos'] as const
export type ProbeMode = (typeof PROBE_MODES)[number]

/** What a definition is to git, as one chip shows it. */
export const SYNC_STATES = [
  'in-git',
  'waiting-for-git',
  'conflict',
  'invalid-in-git',
  'withheld',
  'not-in-git'
] as const
export type SyncState = (typeof SYNC_STATES)[number]

export const INFRASTRUCTURE_KINDS = ['local', 'kubernetes'] as const
export type InfrastructureKind = (typeof INFRASTRUCTURE_KINDS)[number]

export const ROLES = ['owner', 'executor', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** What an API token may be used for; each also reads. */
export const TOKEN_SCOPES = ['read', 'edit', 'run', 'manage'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

const FINAL: ReadonlySet<string> = new Set(['completed', 'stopped', 'error', 'timeout', 'skipped'])

/** A final phase is never left again. */
export function isFinal(phase: RunPhase | StepPhase): boolean {
  return FINAL.has(phase)
}

/** What a push may start; each allows what those before it do. A file's annotation can only narrow it. */
export const RUN_ON_PUSH = ['never', 'trailer', 'added', 'changed'] as const
export type RunOnPush = (typeof RUN_ON_PUSH)[number]
export const RUN_ON_PUSH_ANNOTATION = 'faultline.dev/run-on-push'
