import type { FaultCatalogue, StepAction } from '../domain/index.ts'
import { refuseOpen } from './argo/open-aim.ts'
import { sameInText } from './argo/same-in-text.ts'
import { durationMs } from './duration.ts'
import { readChaosEngine, readWeight } from './litmus/chaos-engine.ts'
import { NodeReader, type ProblemSink, pathText } from './node-reader.ts'
import { fillDeep } from './placeholders.ts'
import { LEAVES } from './refused.ts'
import type { Source, SourceResult } from './source.ts'

export interface LeafContext {
  /** of the template */
  name: string
  source: Source
  sink: ProblemSink
  catalogue: FaultCatalogue
  /** a run is being made of it */
  compiling: boolean
  /** placeholders replaced, as they are in this call */
  fillText(text: string): string
  /** a manifest within this one */
  readEmbedded(text: string): SourceResult
}

/** The images that chaos workflows use, and what they mean here; a command of a file is never run. */
const CONTAINERS: Record<string, 'install' | 'checker'> = {
  'litmuschaos/k8s': 'install',
  'litmuschaos/litmus-checker': 'checker'
}

/** What a template that does something itself does: a fault, a pause, a question to a person, or nothing that is needed here. */
export function leafAction(template: NodeReader, context: LeafContext): StepAction | undefined {
  if (template.keys().includes('suspend')) return pause(template.at('suspend'), context)
  if (!template.at('container').missing) return container(template, context)
  if (!template.at('resource').missing) return resource(template, context)
  const other = LEAVES.find((key) => !template.at(key).missing)
  if (other !== undefined) return { kind: 'delegated', what: other }
  template.problem(
    'manifest/unsupported',
    `Template ${context.name} is none of steps, dag, suspend, container or resource.`
  )
  return undefined
}

/** Without a duration, a person decides. */
function pause(suspend: NodeReader, context: LeafContext): StepAction | undefined {
  const duration = suspend.at('duration')
  if (duration.missing) return { kind: 'approval' }
  const text = context.fillText(duration.text() ?? '')
  const ms = durationMs(text)
  if (ms !== null) return { kind: 'pause', seconds: ms / 1000 }
  if (!context.compiling && text.includes('{{')) return { kind: 'pause', seconds: 0 }
  duration.problem('manifest/suspend', `"${text}" is not a duration; write 30s, 5m or 1h.`)
  return undefined
}

function container(template: NodeReader, context: LeafContext): StepAction | undefined {
  const at = template.at('container').at('image')
  const image = context.fillText(at.text() ?? '')
  const kind = CONTAINERS[image.replace(/^docker\.io\//, '').split(/[:@]/, 1)[0] ?? '']
  const argo = context.sink.engine === 'argo'
  if (kind === 'install' && !argo)
    return {
      kind: 'not-needed',
      reason: `${image} prepares or cleans up what Litmus' operator needs; here the engine does it itself.`
    }
  if (kind === 'checker') return artifact(template, context)
  if (kind === undefined)
    at.beyond(
      'manifest/unsupported',
      `Template ${context.name} runs the image ${image || '(none)'}; the built-in engine never runs a command of a file. Argo Workflows runs it.`
    )
  const [data] = argo ? enginesIn(template) : []
  return data === undefined ? { kind: 'delegated', what: `container ${image}` } : engine(data, template, context)
}

/** Artifacts that make a ChaosEngine; which image applies them does not matter. */
function enginesIn(template: NodeReader): NodeReader[] {
  const artifacts = template.at('inputs').at('artifacts').items()
  const data = artifacts.map((artifact) => artifact.at('raw').at('data'))
  const engines = data.filter(makesEngine)
  engines[1]?.problem('manifest/faults', 'The template has more than one ChaosEngine; give each a template of its own.')
  return engines
}

function artifact(template: NodeReader, context: LeafContext): StepAction | undefined {
  const [data = template.at('inputs').at('artifacts').at(0).at('raw').at('data')] = enginesIn(template)
  if (data.missing) {
    template.problem(
      'manifest/no-engine',
      `Template ${context.name} has no ChaosEngine in inputs.artifacts[0].raw.data.`
    )
    return undefined
  }
  return engine(data, template, context)
}

function resource(template: NodeReader, context: LeafContext): StepAction | undefined {
  const action = template.at('resource').at('action').text()
  const manifest = template.at('resource').at('manifest')
  if ((action === 'create' || action === 'apply') && makesEngine(manifest)) return engine(manifest, template, context)
  const message = `Template ${context.name} does "${action}" to a resource; the built-in engine creates or applies a ChaosEngine alone. Argo Workflows does it.`
  template.at('resource').beyond('manifest/unsupported', message)
  return { kind: 'delegated', what: `resource ${action ?? ''}`.trim() }
}

const VALUE_IN_YAML =
  'Argo Workflows fills values in as text: one of them would change what this ChaosEngine says. Take line breaks, quotes and colons out of it.'

function makesEngine({ value }: NodeReader): boolean {
  return typeof value === 'string' && /\bkind["']?\s*:\s*["']?ChaosEngine\b/.test(value)
}

/** The manifest inside: its problems are shown at their lines of the outer file. */
function engine(data: NodeReader, template: NodeReader, context: LeafContext): StepAction | undefined {
  const text = data.text() ?? ''
  const offset = context.source.textLine(data.path) - 1
  const outer = pathText(data.path)
  const embedded = context.readEmbedded(text)
  if (!embedded.ok) {
    context.sink.problems.push(
      ...embedded.problems.map((problem) => ({ ...problem, line: (problem.line ?? 1) + offset, path: outer }))
    )
    return undefined
  }
  const { source } = embedded
  const argo = context.sink.engine === 'argo'
  if (argo && !sameInText(text, { source, outer: context.source, fillText: context.fillText }))
    data.problem('manifest/value-in-yaml', VALUE_IN_YAML)
  const problems: ProblemSink = {
    problems: [],
    engine: context.sink.engine,
    place: (path) => ({ ...source.place(path), line: source.place(path).line + offset })
  }
  const root = new NodeReader(fillDeep(source.data, context.fillText), problems)
  const action = engineAction(root, template, context)
  if (argo && action?.kind === 'fault') refuseOpen(data, action.fault)
  context.sink.problems.push(
    ...problems.problems.map((problem) => ({ ...problem, path: `${outer}: ${problem.path ?? ''}` }))
  )
  return action
}

function engineAction(root: NodeReader, template: NodeReader, context: LeafContext): StepAction | undefined {
  const kind = root.at('kind').required('kind')
  if (kind !== undefined && kind !== 'ChaosEngine') {
    root
      .at('kind')
      .problem('manifest/unsupported', `Template ${context.name} makes a ${kind}; only a ChaosEngine is run here.`)
  }
  if (kind !== 'ChaosEngine') return undefined
  const weight = readWeight(template.at('metadata').at('labels'))
  const { catalogue, compiling } = context
  const fault = readChaosEngine(root, { catalogue, template: context.name, weight, compiling })
  return fault === undefined ? undefined : { kind: 'fault', fault }
}
