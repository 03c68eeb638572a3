import type {
  ArgoPlace,
  ArgoWorkflow,
  DefinitionKind,
  EventPolicy,
  FaultCatalogue,
  PlanStep,
  Problem,
  RunPlan,
  ScheduleRules
} from '../domain/index.ts'
import { fileStem, isDnsLabel } from '../domain/index.ts'
import { argoWorkflow } from './argo/argo-workflow.ts'
import type { KindReader, Parameter } from './kind.ts'
import { KINDS } from './kinds.ts'
import { NodeReader, type ProblemSink } from './node-reader.ts'
import { readSource } from './source.ts'
import { ARGO_API } from './workflow.ts'

export interface ParseOptions {
  catalogue: FaultCatalogue
  /** of the file in its repository: names a definition that has only `generateName` */
  path?: string
}

export interface CompileOptions extends ParseOptions {
  parameters: Readonly<Record<string, string>>
  /** where Argo Workflows is to execute it; absent: the built-in engine does */
  argo?: ArgoPlace
}

export interface DefinitionManifest {
  kind: DefinitionKind
  name: string
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  parameters: readonly Parameter[]
  /** with the parameters' defaults filled in */
  steps: readonly PlanStep[]
  /** label `infra_id` or `faultline.dev/infrastructure` */
  infrastructure: string | null
  /** null: it starts only when it is asked to */
  schedule: ScheduleRules | null
  /** null: it is a workflow */
  policy: EventPolicy | null
}

export type ParseResult =
  | { ok: true; manifest: DefinitionManifest; problems: Problem[] }
  | { ok: false; problems: Problem[] }
export type CompileResult = { ok: true; plan: RunPlan; problems: Problem[] } | { ok: false; problems: Problem[] }

/** grows when the same text may be judged differently: bad files are then tried again */
export const RULES_VERSION = '8'

/** What a file says, or why it is no definition; every problem has its line. Never throws, whatever the text. */
export function parseDefinition(text: string, options: ParseOptions): ParseResult {
  const result = read(text, { ...options, parameters: null })
  return result.ok ? { ok: true, manifest: result.manifest, problems: result.problems } : result
}

/** The plan of one run: parameters filled in, nothing left that its engine cannot do. */
export function compileDefinition(text: string, options: CompileOptions): CompileResult {
  const result = read(text, options)
  if (!result.ok) return result
  const { manifest, problems, deadlineSeconds, argo } = result
  if (manifest.policy !== null) return { ok: false, problems: [notAWorkflow(manifest)] }
  const plan = { workflow: manifest.name, steps: manifest.steps, deadlineSeconds, ...(argo && { argo }) }
  return { ok: true, problems, plan }
}

/** Why what starts workflows is not run itself. */
export function notAWorkflow({ kind, name }: { kind: string; name: string }): Problem {
  const message = `${name} is an ${kind}: it starts workflows when something changes, and cannot be run itself.`
  return { code: 'manifest/not-a-workflow', severity: 'error', message }
}

/** The kind that a text says it is; null: none that is known. */
export function definitionKind(text: string): DefinitionKind | null {
  const parsed = readSource(text)
  if (!parsed.ok) return null
  const { kind } = parsed.source.data as { kind?: unknown }
  return KINDS.find((known) => known.kind === kind)?.kind ?? null
}

/** of `generateName`, which may end with dashes; a longer one is no name anyway */
const LONGEST_NAME = 100

type ReadOptions = ParseOptions & Pick<CompileOptions, 'argo'> & { parameters: CompileOptions['parameters'] | null }
interface ReadDefinition {
  ok: true
  manifest: DefinitionManifest
  problems: Problem[]
  deadlineSeconds: number | null
  argo: ArgoWorkflow | undefined
}
type ReadResult = ReadDefinition | { ok: false; problems: Problem[] }

function read(text: string, options: ReadOptions): ReadResult {
  const parsed = readSource(text)
  if (!parsed.ok) return parsed
  const { source } = parsed
  const sink: ProblemSink = { problems: [], engine: null, place: (path) => source.place(path) }
  const root = new NodeReader(source.data, sink)
  const reader = readerOf(root)
  if (reader === undefined) return { ok: false, problems: sink.problems }
  const argo = reader.apiVersion === ARGO_API ? options.argo : undefined
  if (options.parameters !== null) sink.engine = argo === undefined ? 'builtin' : 'argo'
  const name = nameOf(root.at('metadata'), options.path)
  const { catalogue, parameters: given } = options
  const content = reader.read({ source, sink, root, name: name ?? '', catalogue, given })
  refuseUnknown(given, content.parameters, root)
  if (argo !== undefined) refuseElsewhere(root.at('metadata').at('namespace'), argo)
  const problems = distinct(sink.problems).slice(0, 100)
  if (name === undefined || problems.some((problem) => problem.severity === 'error')) return { ok: false, problems }
  const { parameters, steps, schedule, policy, deadlineSeconds } = content
  const labels = { ...content.labels, ...root.at('metadata').at('labels').texts() }
  const annotations = root.at('metadata').at('annotations').texts()
  const infrastructure = labels['faultline.dev/infrastructure'] || labels.infra_id || null
  const said = { labels, annotations, parameters, steps, infrastructure, schedule, policy }
  const manifest = { kind: reader.kind, name, ...said }
  const whole = argo && argoWorkflow({ source, kind: reader.kind, place: argo, given: options.parameters ?? {} })
  return { ok: true, manifest, problems, deadlineSeconds, argo: whole }
}

/** A value that goes nowhere was meant for another name. */
function refuseUnknown(given: ReadOptions['parameters'], known: readonly Parameter[], root: NodeReader): void {
  const names = known.map(({ name }) => name)
  const there = names.length === 0 ? 'it takes none' : `there are ${names.join(', ')}`
  for (const name of Object.keys(given ?? {}))
    if (!names.includes(name))
      root.at('spec').problem('manifest/unknown-parameter', `The workflow has no parameter ${name}: ${there}.`)
}

/** The rights of the agent, and those of what the steps do, are of one namespace. */
function refuseElsewhere(at: NodeReader, { namespace }: ArgoPlace): void {
  const said = at.text()
  if (said !== undefined && said !== namespace)
    at.problem('manifest/namespace', `The file says namespace ${said}; this infrastructure runs it in ${namespace}.`)
}

/** By line, each once: one part of the file may be looked at for several reasons. */
function distinct(problems: readonly Problem[]): Problem[] {
  const known = new Map(problems.map((one) => [`${one.line}:${one.column}:${one.message}`, one]))
  return [...known.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}

function readerOf(root: NodeReader): KindReader | undefined {
  const kind = root.at('kind').required('kind')
  if (kind === undefined) return undefined
  const reader = KINDS.find((known) => known.kind === kind)
  if (reader === undefined) {
    const known = KINDS.map((one) => `${one.kind} (${one.apiVersion})`).join(', ')
    root.at('kind').problem('manifest/unknown-kind', `There is no kind ${kind}; these are: ${known}.`)
    return undefined
  }
  if (root.at('apiVersion').text() === reader.apiVersion) return reader
  root.at('apiVersion').problem('manifest/api-version', `A ${kind} has apiVersion ${reader.apiVersion}.`)
  return undefined
}

function nameOf(metadata: NodeReader, path: string | undefined): string | undefined {
  const generated = metadata.at('name').missing && !metadata.at('generateName').missing
  const at = generated ? metadata.at('generateName') : metadata.at('name')
  const name =
    generated && path !== undefined
      ? fileStem(path)
      : generated
        ? at.text()?.slice(0, LONGEST_NAME).replace(/-+$/, '')
        : at.required('metadata.name')
  if (name === undefined) return undefined
  if (isDnsLabel(name)) return name
  at.problem('manifest/name', `"${name}" cannot be a name here: 1 to 63 of a-z, 0-9 and "-", not "-" at the ends.`)
  return undefined
}
