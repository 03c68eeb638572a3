import { type Static, Type } from 'typebox'
import {
  APPROVAL_OUTCOMES,
  CAUSE_KINDS,
  type Cause,
  type Fact,
  type Guardrails,
  type RunPlan
} from '../domain/index.ts'
import {
  Id,
  Nullable,
  OneOf,
  PageQuery,
  RecoveryWord,
  RunPhaseWord,
  StepPhaseWord,
  Time,
  VerdictWord
} from './shape.ts'

export const RunBody = Type.Object({
  workflow: Type.String({ minLength: 1, maxLength: 200 }),
  parameters: Type.Optional(Type.Record(Type.String(), Type.String())),
  infrastructure: Type.Optional(Type.String()),
  /** repeats with the same key start nothing new */
  key: Type.Optional(Type.String({ maxLength: 100 }))
})

export const RunRequest = Type.Object({
  id: Id,
  workflow: Type.String(),
  state: OneOf(['queued', 'admitted', 'refused', 'dropped'] as const),
  reason: Nullable(Type.String()),
  run: Nullable(Id),
  cause: Type.Unsafe<Cause>({}),
  createdAt: Time
})
export type RunRequest = Static<typeof RunRequest>

export const RunSummary = Type.Object({
  id: Id,
  workflow: Type.String(),
  revision: Type.Integer(),
  commit: Nullable(Type.String()),
  infrastructure: Type.Object({ id: Id, name: Type.String() }),
  cause: Type.Unsafe<Cause>({}),
  phase: RunPhaseWord,
  verdict: VerdictWord,
  recovery: Nullable(RecoveryWord),
  score: Nullable(Type.Integer()),
  reason: Nullable(Type.String()),
  createdAt: Time,
  startedAt: Nullable(Time),
  endedAt: Nullable(Time)
})
export type RunSummary = Static<typeof RunSummary>

export const RunStep = Type.Object({
  step: Type.String(),
  name: Type.String(),
  phase: StepPhaseWord,
  verdict: VerdictWord,
  recovery: Nullable(RecoveryWord),
  weight: Nullable(Type.Integer()),
  probeSuccess: Nullable(Type.Number()),
  reason: Nullable(Type.String()),
  startedAt: Nullable(Time),
  endedAt: Nullable(Time)
})
export type RunStep = Static<typeof RunStep>

export const Run = Type.Object({
  ...RunSummary.properties,
  plan: Type.Unsafe<RunPlan>({}),
  /** that the run was started with; those of the workflow itself are not here */
  parameters: Type.Record(Type.String(), Type.String()),
  steps: Type.Array(RunStep),
  stop: Nullable(
    Type.Object({
      askedBy: Type.String(),
      reason: Type.String(),
      askedAt: Time
    })
  ),
  /** what people said to its steps */
  approvals: Type.Array(
    Type.Object({
      step: Type.String(),
      outcome: OneOf(APPROVAL_OUTCOMES),
      by: Type.String(),
      reason: Nullable(Type.String()),
      at: Time
    })
  ),
  /** the decision that led to it, where a workload change did */
  decision: Nullable(Type.Object({ id: Id, reason: Type.String() }))
})
export type Run = Static<typeof Run>

export const RunQuery = Type.Object({
  ...PageQuery.properties,
  workflow: Type.Optional(Type.String({ maxLength: 200 })),
  cause: Type.Optional(OneOf(CAUSE_KINDS)),
  phase: Type.Optional(RunPhaseWord),
  verdict: Type.Optional(VerdictWord),
  /** its id */
  infrastructure: Type.Optional(Id),
  /** created at or after */
  from: Type.Optional(Time),
  /** created before */
  to: Type.Optional(Time)
})
export type RunQuery = Static<typeof RunQuery>

/** Facts after `after`, in order: logs, probe checks, injections. */
export const FactQuery = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, default: 0 }))
})
export const FactList = Type.Object({
  facts: Type.Array(Type.Unsafe<Fact>({})),
  last: Type.Integer()
})

export const ApprovalBody = Type.Object({
  step: Type.String({ minLength: 1, maxLength: 300 }),
  outcome: OneOf(APPROVAL_OUTCOMES),
  reason: Type.Optional(Type.String({ maxLength: 500 }))
})

export const StopBody = Type.Object({
  reason: Type.Optional(Type.String({ maxLength: 500 }))
})

/** null: it is off */
const Engaged = Nullable(Type.Object({ reason: Type.String(), by: Type.String(), at: Time }))

export const ServerKillSwitch = Type.Object({ engaged: Engaged })
export type ServerKillSwitch = Static<typeof ServerKillSwitch>

export const KillSwitch = Type.Object({
  engaged: Engaged,
  /** that of the whole server */
  everywhere: Engaged
})
export type KillSwitch = Static<typeof KillSwitch>
export const KillSwitchBody = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) })

export const GuardrailsDocument = Type.Unsafe<Guardrails>(
  Type.Object({
    allowedNamespaces: Type.Array(Type.String({ maxLength: 63 }), {
      maxItems: 200
    }),
    maxTargets: Type.Integer({ minimum: 0, maximum: 1000 }),
    maxDurationSeconds: Type.Integer({ minimum: 0, maximum: 86_400 })
  })
)
