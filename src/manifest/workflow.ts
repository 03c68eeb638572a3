import type { FaultCatalogue, PlanStep, Problem, RunPlan } from '../domain/index.ts'
import { fileStem, isDnsLabel } from '../domain/index.ts'
import { NodeReader, type ProblemSink } from './node-reader.ts'
import { fill } from './placeholders.ts'
import { readSource, type Source } from './source.ts'
import { expandSteps } from './steps.ts'

export interface ParseOptions {
  catalogue: FaultCatalogue
  /** of the file in its repository: names a workflow that has only `generateName` */
  path?: string
}

export interface CompileOptions extends ParseOptions {
  parameters: Readonly<Record<string, string>>
}

export interface Parameter {
  name: string
  /** null: must be given with each run */
  value: string | null
  description: string | null
}

export interface WorkflowManifest {
  kind: 'Workflow'
  name: string
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  parameters: readonly Parameter[]
  /** with the parameters' defaults filled in */
  steps: readonly PlanStep[]
  /** label `infra_id` or `faultline.dev/infrastructure` */
  infrastructure: string | null
}

export type ParseResult =
  | { ok: true; manifest: WorkflowManifest; problems: Problem[] }
  | { ok: false; problems: Problem[] }
export type CompileResult = { ok: true; plan: RunPlan; problems: Problem[] } | { ok: false; problems: Problem[] }

const ARGO_API = 'argoproj.io/v1alpha1'
const LATER = ['CronWorkflow', 'ChaosEngine', 'ChaosSchedule', 'EventTrackerPolicy', 'EventPolicy']
/** grows when the same text may be judged differently: bad files are then tried again */
export const RULES_VERSION = '2'

/** What a file says, or why it is not a workflow; every problem has its line. Never throws, whatever the text. */
export function parseWorkflow(text: string, options: ParseOptions): ParseResult {
  return read(text, { ...options, parameters: null })
}

/** The plan of one run: parameters filled in, nothing left that this engine cannot do. */
export function compileWorkflow(text: string, options: CompileOptions): CompileResult {
  const result = read(text, options)
  if (!result.ok) return result
  const { manifest, problems } = result
  return {
    ok: true,
    problems,
    plan: { workflow: manifest.name, steps: manifest.steps, deadlineSeconds: result.deadlineSeconds }
  }
}

type ReadOptions = ParseOptions & { parameters: Readonly<Record<string, string>> | null }
type ReadResult =
  | { ok: true; manifest: WorkflowManifest; problems: Problem[]; deadlineSeconds: number | null }
  | { ok: false; problems: Problem[] }

function read(text: string, options: ReadOptions): ReadResult {
  const parsed = readSource(text)
  if (!parsed.ok) return parsed
  const { source } = parsed
  const sink: ProblemSink = { problems: [], place: (path) => source.place(path) }
  const root = new NodeReader(source.data, sink)
  if (!isWorkflow(root)) return { ok: false, problems: sink.problems }
  const name = nameOf(root.at('metadata'), options.path)
  const parameters = readParameters(
    new NodeReader(source.data, sink).at('spec').at('arguments').at('parameters'),
    source
  )
  const values = valuesOf(parameters, options.parameters)
  requireValues({ source, values, parameters, compiling: options.parameters !== null }, sink)
  const steps = expandSteps(source, sink, {
    catalogue: options.catalogue,
    fillGlobal: (expression) => globalValue(expression, values, name ?? '')
  })
  const deadline = root.at('spec').at('activeDeadlineSeconds')
  const deadlineSeconds = deadline.missing ? null : Number(deadline.text())
  if (deadlineSeconds !== null && !(deadlineSeconds > 0))
    deadline.problem('manifest/invalid', 'This must be a number of seconds.')
  const problems = distinct(sink.problems).slice(0, 100)
  if (name === undefined || problems.some((problem) => problem.severity === 'error')) return { ok: false, problems }
  const labels = root.at('metadata').at('labels').texts()
  const manifest: WorkflowManifest = {
    kind: 'Workflow',
    name,
    labels,
    annotations: root.at('metadata').at('annotations').texts(),
    parameters,
    steps,
    infrastructure: labels['faultline.dev/infrastructure'] || labels.infra_id || null
  }
  return { ok: true, manifest, problems, deadlineSeconds }
}

/** By line, each once: one part of the file may be looked at for several reasons. */
function distinct(problems: readonly Problem[]): Problem[] {
  const known = new Map(problems.map((one) => [`${one.line}:${one.column}:${one.message}`, one]))
  return [...known.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}

function isWorkflow(root: NodeReader): boolean {
  const kind = root.at('kind').required('kind')
  if (kind === undefined) return false
  if (kind !== 'Workflow') {
    const later = LATER.includes(kind) ? `${kind} is not read yet` : `There is no kind ${kind}`
    root.at('kind').problem('manifest/unknown-kind', `${later}; Workflow (${ARGO_API}) is.`)
    return false
  }
  if (root.at('apiVersion').text() === ARGO_API) return true
  root.at('apiVersion').problem('manifest/api-version', `A Workflow has apiVersion ${ARGO_API}.`)
  return false
}

function nameOf(metadata: NodeReader, path: string | undefined): string | undefined {
  const generated = metadata.at('name').missing && !metadata.at('generateName').missing
  const at = generated ? metadata.at('generateName') : metadata.at('name')
  const name =
    generated && path !== undefined
      ? fileStem(path)
      : generated
        ? at.text()?.replace(/-+$/, '')
        : at.required('metadata.name')
  if (name === undefined) return undefined
  if (isDnsLabel(name)) return name
  at.problem(
    'manifest/name',
    `"${name}" cannot be the name of a workflow: 1 to 63 of a-z, 0-9 and "-", not "-" at the ends.`
  )
  return undefined
}

function readParameters(list: NodeReader, source: Source): Parameter[] {
  return list.items().flatMap((item) => {
    const name = item.at('name').required('The name of the parameter')
    if (name === undefined) return []
    const value = item.at('value').text() ?? item.at('default').text()
    const plain = value === undefined ? null : fill(value, source.tokens.expressions, () => undefined)
    return [{ name, value: plain, description: item.at('description').text() ?? null }]
  })
}

function valuesOf(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, string>> | null
): Map<string, string> {
  const values = new Map<string, string>()
  for (const { name, value } of parameters) if (value !== null) values.set(name, value)
  for (const [name, value] of Object.entries(given ?? {})) values.set(name, value)
  return values
}

interface Values {
  source: Source
  values: ReadonlyMap<string, string>
  parameters: readonly Parameter[]
  /** a run needs every value; a file that only declares them is fine */
  compiling: boolean
}

/** A placeholder must name a parameter that there is, and at a run one that has a value. */
function requireValues({ source, values, parameters, compiling }: Values, sink: ProblemSink): void {
  const declared = new Set(parameters.map((parameter) => parameter.name))
  for (const expression of new Set(source.tokens.expressions)) {
    const name = workflowParameter(expression)
    if (name === null || values.has(name)) continue
    if (!declared.has(name))
      problem(sink, source, `{{${expression}}}: there is no parameter ${name} in spec.arguments.parameters.`)
    else if (compiling) problem(sink, source, `The parameter ${name} has no value; give one with the run.`)
  }
}

function problem(sink: ProblemSink, source: Source, message: string): void {
  sink.problems.push({
    code: 'manifest/parameter',
    severity: 'error',
    message,
    ...source.place(['spec', 'arguments']),
    path: 'spec.arguments'
  })
}

function globalValue(expression: string, values: ReadonlyMap<string, string>, name: string): string | undefined {
  const parameter = workflowParameter(expression)
  if (parameter !== null) return values.get(parameter)
  return expression === 'workflow.name' ? name : undefined
}

function workflowParameter(expression: string): string | null {
  return /^workflow\.parameters\.([\w.-]+)$/.exec(expression)?.[1] ?? null
}
