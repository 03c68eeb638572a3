import type { ArgoPlace, ArgoWorkflow, DefinitionKind, Tree } from '../../domain/index.ts'
import { at, isTree, textsAt, treeAt, treesAt } from '../../domain/index.ts'
import { fill, fillDeep } from '../placeholders.ts'
import type { Source } from '../source.ts'
import { markedEngine } from './marked-engine.ts'

const INSTANCE = 'workflows.argoproj.io/controller-instanceid'
/** then Argo removes a workflow that has ended, where its file says nothing of that */
const KEEP_SECONDS = 86_400

export interface ArgoOrder {
  source: Source
  kind: DefinitionKind
  place: ArgoPlace
  /** parameters of the run */
  given: Readonly<Record<string, string>>
}

/**
 * What Argo is given of a file: its spec as it is, with the run's parameters. Its ChaosEngines are marked, so that they are
 * found again; placeholders are left to Argo.
 */
export function argoWorkflow({ source, kind, place, given }: ArgoOrder): ArgoWorkflow {
  const { expressions } = source.tokens
  const asWritten = (text: string) => fill(text, expressions, () => undefined)
  const cron = kind === 'CronWorkflow'
  const said = cron ? treeAt(source.data, 'spec', 'workflowSpec') : treeAt(source.data, 'spec')
  const metadata = cron ? treeAt(source.data, 'spec', 'workflowMetadata') : treeAt(source.data, 'metadata')
  const marked = { ...said, templates: treesAt(said, 'templates').map((one) => markedTemplate(one, expressions)) }
  const spec = fillDeep(marked, asWritten) as Tree
  return {
    namespace: place.namespace,
    labels: {
      ...(fillDeep(textsAt(metadata, 'labels'), asWritten) as Record<string, string>),
      ...(place.instance !== null && { [INSTANCE]: place.instance })
    },
    annotations: fillDeep(textsAt(metadata, 'annotations'), asWritten) as Record<string, string>,
    spec: {
      ttlStrategy: { secondsAfterCompletion: KEEP_SECONDS },
      ...spec,
      arguments: { ...treeAt(spec, 'arguments'), parameters: withValues(spec, given) }
    }
  }
}

function withValues(spec: Tree, given: ArgoOrder['given']): Tree[] {
  return treesAt(spec, 'arguments', 'parameters').map((parameter) => {
    const value = given[String(parameter.name)]
    return value === undefined ? parameter : { ...parameter, value }
  })
}

/** The template with a mark in each ChaosEngine that it makes. */
function markedTemplate(template: Tree, expressions: readonly string[]): Tree {
  const artifacts = treesAt(template, 'inputs', 'artifacts').map((artifact) =>
    marked(artifact, 'raw', 'data', expressions)
  )
  const inputs = artifacts.length === 0 ? {} : { inputs: { ...treeAt(template, 'inputs'), artifacts } }
  const { resource } = template
  return {
    ...template,
    ...inputs,
    ...(isTree(resource) && { resource: markedText(resource, 'manifest', expressions) })
  }
}

function marked(artifact: Tree, outer: string, inner: string, expressions: readonly string[]): Tree {
  const found = at(artifact, outer)
  return isTree(found) ? { ...artifact, [outer]: markedText(found, inner, expressions) } : artifact
}

function markedText(holder: Tree, key: string, expressions: readonly string[]): Tree {
  const text = holder[key]
  return typeof text === 'string' ? { ...holder, [key]: markedEngine(text, expressions) } : holder
}
