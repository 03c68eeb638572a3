import { type Static, Type } from 'typebox'
import { ASPECTS, type Aspects, CHANGE_KINDS, type FieldChange } from '../domain/index.ts'
import { Decision } from './change.ts'
import { Id, Nullable, OneOf, ProblemItem } from './shape.ts'
import { WorkflowSummary } from './workflow.ts'

const PolicyRun = Type.Object({
  workflow: Type.String(),
  parameters: Type.Record(Type.String(), Type.String())
})

/** What it says, in words; null = a new one that is not in git yet. */
const PolicyRules = Type.Object({
  /** which workloads it is for */
  selects: Type.String(),
  events: Type.Array(OneOf(CHANGE_KINDS)),
  when: Type.String(),
  pacing: Type.Array(Type.String()),
  /** empty: what the annotation of the workload names */
  runs: Type.Array(PolicyRun)
})

const { name, path, definition, kind, sync, syncNote, commit, fileCommit, problems, suspended } =
  WorkflowSummary.properties

/** A row of the list of event policies. */
export const Policy = Type.Object({
  ...{ name, path, definition, kind, sync, syncNote, commit, fileCommit, problems, suspended },
  rules: Nullable(PolicyRules),
  lastDecision: Nullable(Type.Object({ ...Decision.properties, change: Id }))
})
export type Policy = Static<typeof Policy>

/** as long as a manifest of a large workload */
const LONGEST_MANIFEST = 262_144
const LONGEST_POLICY = 65_536

/** By aspect: key → normal text. */
const AspectsOf = Type.Unsafe<Aspects>(
  Type.Object(
    Object.fromEntries(
      ASPECTS.map((aspect) => [
        aspect,
        Type.Optional(
          Type.Record(Type.String({ maxLength: 400 }), Type.String({ maxLength: 2000 }), { maxProperties: 1000 })
        )
      ])
    ),
    { additionalProperties: false }
  )
)

const Name = Type.String({ minLength: 1, maxLength: 253 })

/** One of `change`, `manifests` and `aspects`. */
export const SimulateBody = Type.Object({
  /** id of a change that was seen */
  change: Type.Optional(Id),
  /** the workload as it was and as it is, as manifests of Kubernetes */
  manifests: Type.Optional(
    Type.Object({
      before: Type.String({ maxLength: LONGEST_MANIFEST }),
      after: Type.String({ maxLength: LONGEST_MANIFEST })
    })
  ),
  aspects: Type.Optional(
    Type.Object({
      workload: Type.Object({ kind: Name, namespace: Name, name: Name }),
      before: AspectsOf,
      after: AspectsOf
    })
  ),
  /** of what is not stored: what happened; `changed` without it */
  event: Type.Optional(OneOf(CHANGE_KINDS)),
  /** of what is not stored: the name of the infrastructure that it is taken to be on; without it the project's own */
  infrastructure: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  /** a policy that is not saved yet; it stands for the saved one of its name */
  policy: Type.Optional(Type.String({ maxLength: LONGEST_POLICY }))
})
export type SimulateBody = Static<typeof SimulateBody>

const Evaluation = Type.Object({ matched: Type.Boolean(), reasons: Type.Array(Type.String()) })

const SimulatedPolicy = Type.Object({
  name: Type.String(),
  /** false: of the text that came with the question */
  saved: Type.Boolean(),
  selected: Evaluation,
  /** null: it is not for this workload */
  matched: Nullable(Evaluation),
  /** `refused`: why this one would not be started; null = it would */
  runs: Type.Array(Type.Object({ ...PolicyRun.properties, refused: Nullable(Type.String()) })),
  /** what would hold it back now: suspension, windows, cooldown, limit; null = nothing */
  heldBack: Nullable(Type.String())
})
export type SimulatedPolicy = Static<typeof SimulatedPolicy>

/** What would be decided now about a change; nothing is started, and nothing is kept. */
export const Simulation = Type.Object({
  workload: Type.Object({ kind: Type.String(), namespace: Type.String(), name: Type.String() }),
  infrastructure: Type.String(),
  event: OneOf(CHANGE_KINDS),
  /** at most 100 */
  changes: Type.Array(Type.Unsafe<FieldChange>({})),
  /** those that are for the workload first; at most 200 */
  policies: Type.Array(SimulatedPolicy),
  /** how many more there are */
  more: Type.Integer(),
  /** of the policy that came with the question: it is left out where one is an error */
  problems: Type.Array(ProblemItem)
})
export type Simulation = Static<typeof Simulation>
