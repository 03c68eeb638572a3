import {
  type Happening,
  type Observation,
  type PastedChange,
  type Problem,
  projectWorkload,
  searchExpression,
  workloadLabel
} from '../../domain/index.ts'
import { NodeReader, type ProblemSink } from '../node-reader.ts'
import { fill, fillDeep } from '../placeholders.ts'
import { readSource } from '../source.ts'

export type PastedResult =
  | { ok: true; happening: Happening }
  /** `side`: which of both manifests */
  | { ok: false; side: 'before' | 'after'; problems: Problem[] }

/** What policies are judged by. `paths` are the expressions that they ask for; `hash` must be one-way, and the same for both sides. */
export function readPastedChange(
  { before, after, kind, infrastructure }: PastedChange,
  tools: { paths: readonly string[]; hash: (text: string) => string }
): PastedResult {
  const was = readWorkload(before, 1, tools)
  if (!was.ok) return { ok: false, side: 'before', problems: was.problems }
  const is = readWorkload(after, 2, tools)
  if (!is.ok) return { ok: false, side: 'after', problems: is.problems }
  const [one, other] = [was.workload, is.workload]
  if (titleOf(one) === titleOf(other))
    return { ok: true, happening: { kind, infrastructure, before: one, after: other } }
  const message = `This is ${titleOf(other)}, and what was before is ${titleOf(one)}: a change is of one workload.`
  return {
    ok: false,
    side: 'after',
    problems: [{ code: 'manifest/other-workload', severity: 'error', message, line: 1 }]
  }
}

type WorkloadResult = { ok: true; workload: Observation } | { ok: false; problems: Problem[] }

function readWorkload(
  text: string,
  number: number,
  { paths, hash }: { paths: readonly string[]; hash: (text: string) => string }
): WorkloadResult {
  const parsed = readSource(text)
  if (!parsed.ok) return parsed
  const { source } = parsed
  const sink: ProblemSink = { problems: [], engine: null, place: (path) => source.place(path) }
  const root = new NodeReader(source.data, sink)
  const kind = root.at('kind').required('kind')
  const name = root.at('metadata').at('name').required('metadata.name')
  const namespace = root.at('metadata').at('namespace').text() ?? 'default'
  if (kind === undefined || name === undefined) return { ok: false, problems: sink.problems }
  // placeholders mean nothing here: what is written is what is compared
  const object = fillDeep(source.data, (one) => fill(one, source.tokens.expressions, () => undefined))
  const aspects = projectWorkload(object, paths, { hash, search: searchExpression, template: null })
  const workload = { uid: 'pasted', number, kind, namespace, name, aspects, rollout: 'healthy' as const, at: '' }
  return { ok: true, workload }
}

function titleOf(workload: Observation): string {
  return `${workload.namespace}/${workloadLabel(workload)}`
}
