import { type Static, Type } from 'typebox'
import type { ImageChange } from '../domain/index.ts'
import { Id, Nullable, OneOf, Time } from './shape.ts'

const Decision = Type.Object({
  id: Id,
  workflow: Nullable(Type.String()),
  outcome: OneOf(['triggered', 'not-triggered'] as const),
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
  images: Type.Array(Type.Unsafe<ImageChange>({})),
  state: OneOf(['waiting', 'decided'] as const),
  createdAt: Time,
  decidedAt: Nullable(Time),
  decisions: Type.Array(Decision)
})
export type WorkloadChange = Static<typeof WorkloadChange>
