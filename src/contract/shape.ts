import { type Static, type TSchema, Type } from 'typebox'
import {
  DEFINITION_KINDS,
  INFRASTRUCTURE_KINDS,
  RECOVERIES,
  ROLES,
  RUN_ON_PUSH,
  RUN_PHASES,
  STEP_PHASES,
  SYNC_STATES,
  TOKEN_SCOPES,
  VERDICTS
} from '../domain/index.ts'

/** Building blocks of the schemas: the vocabularies of `domain` as JSON Schema, times, ids, pages. */

/** Of a closed vocabulary. */
export function OneOf<const T extends readonly string[]>(words: T) {
  return Type.Union(words.map((word) => Type.Literal(word))) as unknown as ReturnType<typeof Type.Unsafe<T[number]>>
}

export function Nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

/** ISO 8601 in UTC */
export const Time = Type.String({ format: 'date-time' })
export const Id = Type.String({ minLength: 1, maxLength: 64 })
/** numbered from 1, as far as a column counts */
export const Count = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
export const DnsLabel = Type.String({
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'
})

export const RunPhaseWord = OneOf(RUN_PHASES)
export const StepPhaseWord = OneOf(STEP_PHASES)
export const VerdictWord = OneOf(VERDICTS)
export const RecoveryWord = OneOf(RECOVERIES)
export const SyncStateWord = OneOf(SYNC_STATES)
export const DefinitionKindWord = OneOf(DEFINITION_KINDS)
export const RunOnPushWord = OneOf(RUN_ON_PUSH)
export const RoleWord = OneOf(ROLES)
export const TokenScopeWord = OneOf(TOKEN_SCOPES)
export const InfrastructureKindWord = OneOf(INFRASTRUCTURE_KINDS)

export const PageQuery = Type.Object({
  /** from the `next` of the page before */
  cursor: Type.Optional(Type.String({ maxLength: 2000 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 }))
})

export function Page<T extends TSchema>(item: T) {
  return Type.Object({
    items: Type.Array(item),
    next: Nullable(Type.String())
  })
}

export const ProblemItem = Type.Object({
  code: Type.String(),
  message: Type.String(),
  severity: OneOf(['error', 'warning'] as const),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  path: Type.Optional(Type.String())
})
export type ProblemItem = Static<typeof ProblemItem>

/** RFC 9457 problem details; `code` is stable, `title` and `detail` are for people. */
export const ProblemDocument = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  /** where the input is wrong, for example of a manifest */
  problems: Type.Optional(Type.Array(ProblemItem)),
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown()))
})
export type ProblemDocument = Static<typeof ProblemDocument>
