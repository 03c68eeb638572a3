import type { PlanStep } from '../domain/index.ts'
import type { KindReader, Parameter, Reading } from './kind.ts'
import { type NodeReader, type ProblemSink, pathText } from './node-reader.ts'
import { fill } from './placeholders.ts'
import type { Source } from './source.ts'
import { expandSteps } from './steps.ts'

export const ARGO_API = 'argoproj.io/v1alpha1'

/** Argo's Workflow: steps that run when somebody asks for them. */
export const WORKFLOW: KindReader = {
  kind: 'Workflow',
  apiVersion: ARGO_API,
  read: (reading) => ({
    ...readWorkflowSpec(reading, reading.root.at('spec')),
    schedule: null,
    policy: null,
    labels: {}
  })
}

export interface WorkflowSpec {
  parameters: readonly Parameter[]
  steps: readonly PlanStep[]
  deadlineSeconds: number | null
}

/** The spec of a workflow, wherever it stands in the file. */
export function readWorkflowSpec(reading: Reading, spec: NodeReader): WorkflowSpec {
  const { source, sink, catalogue, name, given } = reading
  const parameters = readParameters(spec.at('arguments').at('parameters'), source)
  const values = valuesOf(parameters, given)
  requireValues({ source, spec, values, parameters, compiling: given !== null }, sink)
  const steps = expandSteps(spec, {
    source,
    sink,
    catalogue,
    fillGlobal: (expression) => globalValue(expression, values, name),
    compiling: given !== null
  })
  const deadline = spec.at('activeDeadlineSeconds')
  const deadlineSeconds = deadline.missing ? null : Number(deadline.text())
  if (deadlineSeconds !== null && !(deadlineSeconds > 0))
    deadline.problem('manifest/invalid', 'This must be a number of seconds.')
  return { parameters, steps, deadlineSeconds }
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
  spec: NodeReader
  values: ReadonlyMap<string, string>
  parameters: readonly Parameter[]
  /** a run needs every value; a file that only declares them is fine */
  compiling: boolean
}

/** A placeholder must name a parameter that there is, and at a run one that has a value. */
function requireValues({ source, spec, values, parameters, compiling }: Values, sink: ProblemSink): void {
  const declared = new Set(parameters.map((parameter) => parameter.name))
  const path = [...spec.path, 'arguments']
  const problem = (message: string) =>
    sink.problems.push({
      code: 'manifest/parameter',
      severity: 'error',
      message,
      ...source.place(path),
      path: pathText(path)
    })
  for (const expression of new Set(source.tokens.expressions)) {
    const name = workflowParameter(expression)
    if (name === null || values.has(name)) continue
    if (!declared.has(name))
      problem(`{{${expression}}}: there is no parameter ${name} in ${pathText(path)}.parameters.`)
    else if (compiling) problem(`The parameter ${name} has no value; give one with the run.`)
  }
}

function globalValue(expression: string, values: ReadonlyMap<string, string>, name: string): string | undefined {
  const parameter = workflowParameter(expression)
  if (parameter !== null) return values.get(parameter)
  return expression === 'workflow.name' ? name : undefined
}

function workflowParameter(expression: string): string | null {
  return /^workflow\.parameters\.([\w.-]+)$/.exec(expression)?.[1] ?? null
}
