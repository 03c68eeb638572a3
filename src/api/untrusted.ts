import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Count, OneOf } from '../contract/index.ts'
import {
  ASPECTS,
  type Fact,
  type Observation,
  PROBE_MODES,
  RECOVERIES,
  RUN_PHASES,
  STEP_PHASES,
  VERDICTS,
  WRITERS
} from '../domain/index.ts'
import { AppError } from '../platform/index.ts'

/** What agents post is as hostile as anything else from outside: parsed in full, with caps, before it is stored. */

const Text = (maxLength: number) => Type.String({ maxLength })
const NullableText = Type.Union([Text(4000), Type.Null()])
const Fields = Type.Record(Text(1000), Text(65_536), { maxProperties: 2000 })
const head = { seq: Count, at: Text(40) }
const ofStep = { step: Text(300), attempt: Type.Optional(Type.Integer({ minimum: 2, maximum: 1000 })) }
const object = <T extends Parameters<typeof Type.Object>[0]>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })

const FactSchema = Type.Union([
  object({ ...head, type: Type.Literal('run-phase'), phase: OneOf(RUN_PHASES), reason: NullableText }),
  object({ ...head, type: Type.Literal('step-phase'), ...ofStep, phase: OneOf(STEP_PHASES), reason: NullableText }),
  object({
    ...head,
    type: Type.Literal('log'),
    step: Type.Union([Text(300), Type.Null()]),
    attempt: ofStep.attempt,
    level: OneOf(['info', 'warn', 'error'] as const),
    text: Text(8000)
  }),
  object({
    ...head,
    type: Type.Literal('targets'),
    ...ofStep,
    round: Type.Integer(),
    targets: Type.Array(object({ name: Text(300), uid: Text(100), node: Type.Optional(Text(300)) }), { maxItems: 1000 })
  }),
  object({
    ...head,
    type: Type.Literal('injection'),
    ...ofStep,
    injection: Text(100),
    target: Text(300),
    stage: OneOf([
      'prepared',
      'applied',
      'effect-proved',
      'no-effect-seen',
      'recovering',
      'recovered',
      'drifted',
      'leaked'
    ] as const),
    evidence: Text(8000)
  }),
  object({
    ...head,
    type: Type.Literal('probe-check'),
    ...ofStep,
    probe: Text(300),
    mode: OneOf(PROBE_MODES),
    passed: Type.Boolean(),
    ms: Type.Number(),
    evidence: Text(8000)
  }),
  object({
    ...head,
    type: Type.Literal('probe-result'),
    ...ofStep,
    probe: Text(300),
    mode: OneOf(PROBE_MODES),
    verdict: OneOf(VERDICTS),
    checks: Type.Integer(),
    failed: Type.Integer(),
    evidence: Text(8000)
  }),
  object({
    ...head,
    type: Type.Literal('fault-result'),
    ...ofStep,
    verdict: OneOf(VERDICTS),
    probeSuccess: Type.Union([Type.Number({ minimum: 0, maximum: 100 }), Type.Null()]),
    recovery: OneOf(RECOVERIES),
    weight: Type.Integer({ minimum: 0, maximum: 1000 }),
    evidence: Text(8000)
  })
])

const ObservationSchema = object({
  uid: Type.String({ maxLength: 100, pattern: '^[^\\u0000]*$' }),
  number: Count,
  kind: Text(63),
  namespace: Text(63),
  name: Text(253),
  aspects: object(Object.fromEntries(ASPECTS.map((aspect) => [aspect, Type.Optional(Fields)]))),
  rollout: OneOf(['progressing', 'healthy', 'failed'] as const),
  writers: Type.Optional(Type.Record(Text(1100), OneOf(WRITERS), { maxProperties: 2000 })),
  run: Type.Optional(Text(100)),
  at: Text(40)
})

const facts = Compile(FactSchema)
const observations = Compile(ObservationSchema)

export function parseFact(value: unknown): Fact {
  return parse(facts, value, 'fact') as Fact
}

export function parseObservation(value: unknown): Observation {
  return parse(observations, value, 'observation') as Observation
}

interface Validator {
  Check(value: unknown): boolean
  Errors(value: unknown): Iterable<{ instancePath: string; message: string }>
}

function parse(validator: Validator, value: unknown, what: string): unknown {
  if (validator.Check(value) && !Number.isNaN(Date.parse((value as { at: string }).at))) return value
  const [first] = validator.Errors(value)
  const where = first === undefined ? 'at: not a time' : `${first.instancePath || '/'}: ${first.message}`
  throw new AppError({ code: `api/bad-${what}`, kind: 'invalid', message: `This ${what} does not fit: ${where}.` })
}
