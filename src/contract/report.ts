import { type Static, Type } from 'typebox'
import { PROBE_MODES } from '../domain/index.ts'
import { RunStep, RunSummary } from './run.ts'
import { Id, Nullable, OneOf, Time, VerdictWord } from './shape.ts'

const ReportProbe = Type.Object({
  name: Type.String(),
  type: Type.String(),
  mode: OneOf(PROBE_MODES),
  /** awaited: it has not ended */
  verdict: VerdictWord,
  checks: Type.Integer(),
  failed: Type.Integer(),
  /** what it saw, in one line; null: nothing yet */
  evidence: Nullable(Type.String()),
  /** the first failed checks */
  failures: Type.Array(Type.Object({ at: Time, evidence: Type.String() }))
})
export type ReportProbe = Static<typeof ReportProbe>

const ReportInjection = Type.Object({
  /** of the step that it belongs to, from 1 */
  attempt: Type.Integer(),
  target: Type.String(),
  /** undo record, harm, proof of the effect, recovery and its proof, as they came */
  stages: Type.Array(Type.Object({ stage: Type.String(), at: Time, evidence: Type.String() }))
})
export type ReportInjection = Static<typeof ReportInjection>

const ReportStep = Type.Object({
  ...RunStep.properties,
  seconds: Nullable(Type.Number()),
  /** null: the step is none */
  fault: Nullable(
    Type.Object({
      name: Type.String(),
      /** the attempt that counts: the last one that has begun, from 1 */
      attempt: Type.Integer(),
      /** attempts that there may be */
      mostAttempts: Type.Integer(),
      targets: Type.Array(Type.String()),
      /** of all attempts */
      injections: Type.Array(ReportInjection),
      probes: Type.Array(ReportProbe)
    })
  )
})
export type ReportStep = Static<typeof ReportStep>

/** All that is known of a run in one document. `version` grows when a field goes away or changes its meaning. */
export const RunReport = Type.Object({
  version: Type.Literal(1),
  project: Id,
  run: RunSummary,
  /** why it ran, in one sentence */
  headline: Type.String(),
  parameters: Type.Record(Type.String(), Type.String()),
  /** how the score came about; null: there is none */
  formula: Nullable(Type.String()),
  /** what it means to a pipeline */
  judgement: Type.Object({ outcome: OneOf(['passed', 'failed', 'not-judged'] as const), sentence: Type.String() }),
  seconds: Nullable(Type.Number()),
  /** what was decided on the workload change that led to it */
  decision: Nullable(Type.String()),
  stop: Nullable(Type.Object({ askedBy: Type.String(), reason: Type.String(), askedAt: Time })),
  steps: Type.Array(ReportStep),
  /** false: the agent reported more than a report holds; the rest is in the facts */
  complete: Type.Boolean()
})
export type RunReport = Static<typeof RunReport>
