import { type Static, Type } from 'typebox'
import type { FieldChange } from '../domain/index.ts'
import { Id, Nullable, OneOf, PageQuery, Time } from './shape.ts'

export const Decision = Type.Object({
  id: Id,
  /** the event policy that decided; null: the workload's own annotation */
  policy: Nullable(Type.String()),
  workflow: Nullable(Type.String()),
  /** failed: not triggered, and somebody should look */
  outcome: OneOf(['triggered', 'not-triggered', 'failed'] as const),
  reason: Type.String(),
  run: Nullable(Id),
  createdAt: Time
})

export const WorkloadChange = Type.Object({
  id: Id,
  infrastructure: Type.Object({ id: Id, name: Type.String() }),
  kind: Type.String(),
  namespace: Type.String(),
  name: Type.String(),
  /** what counted of it */
  changes: Type.Array(Type.Unsafe<FieldChange>({})),
  state: OneOf(['waiting', 'decided'] as const),
  createdAt: Time,
  decidedAt: Nullable(Time),
  decisions: Type.Array(Decision)
})
export type WorkloadChange = Static<typeof WorkloadChange>

export const ChangeQuery = Type.Object({
  ...PageQuery.properties,
  outcome: Type.Optional(OneOf(['triggered', 'not-triggered', 'waiting'] as const)),
  /** part of the workload's name */
  q: Type.Optional(Type.String({ maxLength: 200 }))
})
export type ChangeQuery = Static<typeof ChangeQuery>

/** A workload as its agent saw it last. */
export const WatchedWorkload = Type.Object({
  infrastructure: Type.Object({ id: Id, name: Type.String() }),
  uid: Type.String(),
  kind: Type.String(),
  namespace: Type.String(),
  name: Type.String(),
  /** by container */
  images: Type.Record(Type.String(), Type.String()),
  rollout: OneOf(['progressing', 'healthy', 'failed'] as const),
  /** workflows that it asks for; null: it has not opted in */
  asked: Nullable(Type.Array(Type.String())),
  observedAt: Time,
  changedAt: Nullable(Time),
  /** the last run of this project that a change of it led to */
  lastRun: Nullable(Id)
})
export type WatchedWorkload = Static<typeof WatchedWorkload>
