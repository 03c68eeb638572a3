import { type Static, Type } from 'typebox'
import type { Fact, FactBody, Observation, RunGuardrails, RunPlan } from '../domain/index.ts'
import { APPROVAL_OUTCOMES } from '../domain/index.ts'
import { Count, Id, InfrastructureKindWord, Nullable, OneOf } from './shape.ts'

/**
 * The agent's side of the API, under `/api/v1/agent`. The agent only dials out; `authorization: Bearer <key>`.
 * A run is a leased task: 120 s, renewed every 10 s; every fact carries the lease number, an older one is refused (409).
 */
export const RENEW_SECONDS = 10
/** an agent that could not renew for so long ends the sustain and recovers */
export const LOST_SERVER_SECONDS = 60
/** longest long poll for tasks */
export const TASK_WAIT_SECONDS = 25

export const RegisterBody = Type.Object({
  token: Type.String({ maxLength: 200 }),
  kind: InfrastructureKindWord,
  version: Type.String({ maxLength: 50 }),
  /** commands of workflows may run where the agent is */
  commands: Type.Optional(Type.Boolean({ default: false }))
})
export const Registered = Type.Object({
  infrastructure: Id,
  name: Type.String(),
  environment: Type.Optional(OneOf(['prod', 'non-prod'] as const)),
  key: Type.String()
})

/** the one before works until this one is used */
export const NextKey = Type.Object({ key: Type.String() })

export const TaskQuery = Type.Object({
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: TASK_WAIT_SECONDS,
      default: TASK_WAIT_SECONDS
    })
  ),
  version: Type.Optional(Type.String({ maxLength: 50 })),
  commands: Type.Optional(Type.Boolean()),
  /** runs that the agent has in hand, comma-separated: they get stops, not leases */
  holding: Type.Optional(Type.String({ maxLength: 2000 }))
})

export interface RunTask {
  kind: 'run'
  run: string
  lease: number
  plan: RunPlan
  guardrails: RunGuardrails
  /** highest fact that the server has merged; numbering goes on from there */
  lastSeq: number
  /** another agent, or this one before a crash, held the run: recover, then end it as error; on Argo it goes on */
  resumed: boolean
  /** of a run on Argo that was begun: what was told of it, without its log */
  told?: readonly FactBody[]
}
export interface StopTask {
  kind: 'stop'
  run: string
  reason: string
}
/** a person has decided about a step of the run: renewing tells what */
export interface ApprovalTask {
  kind: 'approval'
  run: string
}
export type AgentTask = RunTask | StopTask | ApprovalTask

export const TaskList = Type.Object({
  tasks: Type.Array(Type.Unsafe<AgentTask>({})),
  /** expressions (JMESPath) that event policies ask about workloads */
  paths: Type.Array(Type.String(), { maxItems: 500 })
})

export const RenewBody = Type.Object({ lease: Count })
/** `lost`: the run is someone else's now, or over; recover and let go */
export const Renewed = Type.Object({
  state: OneOf(['held', 'lost'] as const),
  stop: Nullable(Type.String()),
  /** all of the run so far: they are told until it ends */
  approvals: Type.Array(
    Type.Object({
      step: Type.String(),
      outcome: OneOf(APPROVAL_OUTCOMES),
      by: Type.String(),
      reason: Nullable(Type.String())
    })
  )
})

export const FactsBody = Type.Object({
  lease: Count,
  facts: Type.Array(Type.Unsafe<Fact>({ type: 'object' }), { maxItems: 500 })
})
/** highest fact stored without a gap */
export const FactsStored = Type.Object({ last: Type.Integer() })

export const ObservationsBody = Type.Object({
  observations: Type.Array(Type.Unsafe<Observation>({ type: 'object' }), {
    maxItems: 500
  })
})
/** how many were new: one whose number the server has had of this workload is dropped */
export const ObservationsStored = Type.Object({ stored: Type.Integer() })

/** The last observation that the server has of a workload; `fingerprint`: SHA-256 of its `observedState`, in hex. */
export const KnownObservation = Type.Object({
  uid: Type.String(),
  number: Count,
  fingerprint: Type.String({ maxLength: 64 })
})
/** Where an agent that remembers nothing goes on. */
export const KnownObservations = Type.Object({
  items: Type.Array(KnownObservation, { maxItems: 200 }),
  next: Nullable(Type.String({ maxLength: 2000 })),
  /** as in the list of tasks */
  paths: Type.Array(Type.String(), { maxItems: 500 })
})

export type RegisterBody = Static<typeof RegisterBody>
export type Registered = Static<typeof Registered>
export type TaskQuery = Static<typeof TaskQuery>
export type KnownObservation = Static<typeof KnownObservation>
export type KnownObservations = Static<typeof KnownObservations>
export type Renewed = Static<typeof Renewed>
