import { type Static, Type } from 'typebox'
import { HOOK_KINDS, HOOK_OUTCOMES } from '../domain/index.ts'
import { DnsLabel, Id, Nullable, OneOf, Time, VerdictWord } from './shape.ts'

/** as parameters of workflows are called, and paths of values in events */
const Texts = Type.Record(Type.String({ pattern: '^.{1,200}$' }), Type.String({ maxLength: 1000 }), {
  maxProperties: 50,
  additionalProperties: false
})
const Limit = Type.Object(
  {
    runs: Type.Integer({ minimum: 1, maximum: 100 }),
    perSeconds: Type.Integer({ minimum: 1, maximum: 86_400 })
  },
  { additionalProperties: false }
)

const settings = {
  name: DnsLabel,
  /** by name or id */
  workflow: Type.String({ minLength: 1, maxLength: 200 }),
  /** of the run; a text may hold `{{event.…}}` */
  parameters: Texts,
  /** patterns of `*` and `?` by the path of a value of the event: it starts something only where all fit */
  only: Texts,
  limit: Limit,
  paused: Type.Boolean()
}

/** What was left out is as nothing was asked for: no parameters, every event, 6 runs an hour, not paused. */
export const HookChange = Type.Object({
  name: settings.name,
  workflow: settings.workflow,
  /** by id, name or old name; left out: as the workflow or the project says */
  infrastructure: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  parameters: Type.Optional(settings.parameters),
  only: Type.Optional(settings.only),
  limit: Type.Optional(settings.limit),
  paused: Type.Optional(settings.paused)
})
export type HookChange = Static<typeof HookChange>

export const HookBody = Type.Object({ ...HookChange.properties, kind: OneOf(HOOK_KINDS) })
export type HookBody = Static<typeof HookBody>

/** A hook that starts a workflow when another system calls it. */
export const Hook = Type.Object({
  id: Id,
  kind: OneOf(HOOK_KINDS),
  ...settings,
  infrastructure: Nullable(Type.Object({ id: Id, name: Type.String() })),
  /** where the sender posts to */
  url: Type.String(),
  /** the last call that did not know the secret, and why */
  refusedAt: Nullable(Time),
  refusal: Nullable(Type.String()),
  createdAt: Time
})
export type Hook = Static<typeof Hook>

export const CreatedHook = Type.Object({
  hook: Hook,
  /** shown once: a bearer token, or for `flux` the key that it signs with */
  secret: Type.String()
})
export type CreatedHook = Static<typeof CreatedHook>

/** What was decided about one call. */
export const HookDecision = Type.Object({
  id: Id,
  subject: Type.String(),
  outcome: OneOf(HOOK_OUTCOMES),
  reason: Type.String(),
  /** the run request that it made; of a repetition null */
  request: Nullable(Type.Object({ id: Id, state: Type.String(), reason: Nullable(Type.String()), run: Nullable(Id) })),
  at: Time
})
export type HookDecision = Static<typeof HookDecision>

export const GateQuery = Type.Object({
  /** of the release: of the hook's event, of the commit, or of the run's parameter `revision`; left out: any */
  revision: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** seconds: an older run counts no more */
  maxAge: Type.Optional(Type.Integer({ minimum: 1, maximum: 31 * 86_400, default: 86_400 })),
  /** the score decides, not the verdict */
  minScore: Type.Optional(Type.Number({ minimum: 0, maximum: 100 }))
})
export type GateQuery = Static<typeof GateQuery>

/** Whether a release may go on, by the newest run of a workflow. */
export const Gate = Type.Object({
  go: Type.Boolean(),
  /** `waiting`: ask again later */
  outcome: OneOf(['passed', 'failed', 'waiting', 'not-judged'] as const),
  reason: Type.String(),
  run: Nullable(Id),
  phase: Nullable(Type.String()),
  verdict: Nullable(VerdictWord),
  score: Nullable(Type.Number())
})
export type Gate = Static<typeof Gate>
